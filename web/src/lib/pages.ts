interface Page<Row> {
  nodes: readonly Row[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** The rows of a list, however many pages it has, until there are as many as are wanted at the most. */
export async function allPages<Row>(read: (after: string | null) => Promise<Page<Row>>, most: number): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  do {
    const { nodes, pageInfo }: Page<Row> = await read(after);
    rows.push(...nodes);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null && rows.length < most);
  return rows.slice(0, most);
}
