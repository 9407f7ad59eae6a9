/** Whether a text stands for several gates, such as `02-dynamodb-data-modeling/table/*`. */
export function isGatePattern(text: string): boolean {
  return text.includes('*');
}

/** Whether a gate's id is meant by a text: the id itself, or a pattern in which `*` stands for any characters. */
export function gateMatches(pattern: string, id: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === id;
  if (!id.startsWith(head)) return false;
  const tail = rest.pop() ?? '';
  let at = head.length;
  for (const part of rest) {
    const found = id.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return id.length - tail.length >= at && id.endsWith(tail);
}
