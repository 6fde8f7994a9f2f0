/** The door of the catalogue: the port, its error and its form on SQLite. */
export { type Catalogue, CatalogueError, type CatalogueErrorCode } from './catalogue.ts';
export { eventDocumentSchema } from './documents.ts';
export { openSqliteCatalogue } from './sqlite-catalogue.ts';
