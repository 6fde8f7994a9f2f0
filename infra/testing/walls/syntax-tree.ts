/**
 * A node of the syntax tree as any ESTree parser makes it. The walls look at a handful of node types
 * and treat the rest alike, so one open type serves them better than the parser's two hundred.
 */
export type Node = {
  readonly type: string;
  /** Place in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
};

/** The value as a node, if it is one. */
export function asNode(value: unknown): Node | null {
  return isNode(value) ? value : null;
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'start' in value &&
    typeof value.start === 'number' &&
    'end' in value &&
    typeof value.end === 'number'
  );
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Visits a node and all below it, each with the node that it hangs on. */
export function walk(
  node: Node,
  visit: (node: Node, parent: Node | null) => void,
  parent: Node | null = null,
): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, node);
    }
  }
}

/** `Date.now` for a plain member access, `setTimeout` for a name that stands for itself, else null. */
export function referenceOf(node: Node, parent: Node | null): string | null {
  if (node.type === 'MemberExpression' && node['computed'] !== true) {
    const owner = asNode(node['object']);
    const key = textOf(asNode(node['property'])?.['name']);
    const of = owner === null ? null : referenceOf(owner, null);
    if (of === null || key === null) return null;
    return of === 'globalThis' || of === 'window' ? key : `${of}.${key}`;
  }
  if (node.type !== 'Identifier' || (parent !== null && isOnlyAName(node, parent))) return null;
  return textOf(node['name']);
}

/** The same letters, but not a use: a property's key, a member's name, a type's name. */
function isOnlyAName(node: Node, parent: Node): boolean {
  if (parent.type === 'MemberExpression') return parent['property'] === node && !parent['computed'];
  if (parent.type.startsWith('TS') && parent.type !== 'TSAsExpression') return true;
  if (parent['key'] === node) return parent['shorthand'] !== true && parent['computed'] !== true;
  return parent.type === 'ImportSpecifier' || parent.type === 'ExportSpecifier';
}
