import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { pageHeaders } from './page-headers.ts';
import { answerProblem, NO_PAGE, NOT_HERE, WRONG_METHOD } from './problem-answer.ts';

/** Vite puts a hash of the content into the names of these: they never change under their name. */
const HASHED_FILE = /^\/assets\/.*-[A-Za-z0-9_-]{8}\.[a-z0-9.]+$/;

/**
 * Serves the built page. A path that is no file and has no ending is a route of the page and gets
 * `index.html`. Files are looked up once at the start: nothing outside the list can be reached.
 */
export function createPageFiles(
  folder: string,
): (request: IncomingMessage, response: ServerResponse) => void {
  if (!existsSync(folder)) return (_, response) => answerProblem(response, NO_PAGE);
  const serve = sirv(folder, {
    etag: true,
    dotfiles: false,
    single: true,
    ignores: [/\/[^/]*\.[^/]*$/],
    setHeaders: (response, path) => {
      const forEver = HASHED_FILE.test(path);
      response.setHeader(
        'cache-control',
        forEver ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answerProblem(response, WRONG_METHOD);
      return;
    }
    for (const [name, value] of Object.entries(pageHeaders(request.headers.host ?? ''))) {
      response.setHeader(name, value);
    }
    serve(request, response, () => answerProblem(response, NOT_HERE));
  };
}
