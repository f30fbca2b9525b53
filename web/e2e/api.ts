import type { BrowserContext } from 'playwright-core';

/** Asks the API as the page's own person does, to set a scene quickly. */
export async function ask<T>(context: BrowserContext, base: string, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const response = await context.request.post(`${base}/graphql`, { data: { query, variables } });
  const answer = (await response.json()) as { data: T | null; errors?: { message: string }[] };
  if (!answer.data || answer.errors)
    throw new Error(answer.errors?.map((error) => error.message).join('; ') ?? `no data (${response.status()})`);
  return answer.data;
}

/** Signs a company up; the context holds its owner's session afterwards. */
export async function signUp(context: BrowserContext, base: string, company: string): Promise<string> {
  const email = `${company.toLowerCase().replace(/\W+/g, '.')}.${Date.now()}@example.com`;
  const input = {
    company,
    country: 'GE',
    baseCurrency: 'GEL',
    timeZone: 'Asia/Tbilisi',
    language: 'EN',
    name: 'Nino Beridze',
    email,
    password: 'correct horse battery',
    cookie: true,
  };
  await ask(context, base, 'mutation ($input: SignUpInput!) { signUp(input: $input) { user { id } } }', { input });
  return email;
}
