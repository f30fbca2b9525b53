interface Node {
  id: string;
  parent: { id: string } | null;
}

/** Each followed by its parts, in the order in which they came; one whose whole isn't among them stands by itself. */
export function inTree<T extends Node>(nodes: readonly T[]): (T & { depth: number })[] {
  const known = new Set(nodes.map((node) => node.id));
  const parts = new Map<string | null, T[]>();
  for (const node of nodes) {
    const whole = node.parent && known.has(node.parent.id) ? node.parent.id : null;
    parts.set(whole, [...(parts.get(whole) ?? []), node]);
  }
  const below = (whole: string | null, depth: number): (T & { depth: number })[] =>
    (parts.get(whole) ?? []).flatMap((node) => [{ ...node, depth }, ...below(node.id, depth + 1)]);
  return below(null, 0);
}
