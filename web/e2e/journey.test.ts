import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ask } from './api';
import { baseUrl, choose, desktop, field, launch, noOverflow, openPage, phone, picture } from './browser';

/** The first hour of a new company: sign up, sell, get paid, and read the figures. */
describe('the first hour of a company', () => {
  const base = baseUrl();
  const address = `nino.${Date.now()}@example.com`;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let failures: string[];

  beforeAll(async () => {
    browser = await launch();
    context = await browser.newContext({ viewport: desktop, locale: 'en-GB' });
    ({ page, failures } = await openPage(context));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.error(failures.join('\n'));
    if (task.result?.state === 'fail') await picture(page, task.name.replace(/\W+/g, '-'));
  });
  afterAll(() => browser.close());

  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  /** The act's own button, in the dialog that says what it will do. */
  const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

  it('signs up and is taught what to do first', async () => {
    await page.goto(base);
    await page.getByRole('link', { name: 'Sign up' }).click();
    await field(page, 'Company name').fill('Arch Ltd');
    await field(page, 'Your name').fill('Nino Beridze');
    await field(page, 'E-mail').fill(address);
    await page.getByLabel('Password', { exact: false }).first().fill('correct horse battery');
    await press('Sign up');
    await heading('Home');
    await page.getByText('Arch Ltd is set up').waitFor();
    await page.getByRole('link', { name: 'Create the first client' }).waitFor();
  });

  it('shows the server’s word on a field beside it, and keeps what was typed', async () => {
    await page.goto(`${base}/companies/new`);
    await press('Create');
    await page.getByText('Please fill this in').waitFor();
    await field(page, 'Name').fill('Ana & Sons');
    expect(await page.getByText('Please fill this in').count()).toBe(0);
  });

  it('creates a company', async () => {
    await field(page, 'City').fill('Tbilisi');
    await press('Create');
    await heading('Ana & Sons');
    await page.getByRole('link', { name: 'Companies' }).first().click();
    await page.getByRole('searchbox').fill('ana');
    await page.getByRole('row', { name: /Ana & Sons/ }).waitFor();
  });

  it('creates a service', async () => {
    await page.goto(`${base}/sales/services/new`);
    await field(page, 'Name').fill('Consulting day');
    await field(page, 'Unit price').fill('1,250.50');
    await press('Create');
    await heading('Consulting day');
    await page.getByText('1,250.50').first().waitFor();
  });

  it('drafts an invoice and issues it', async () => {
    await page.goto(`${base}/finance/invoices/new`);
    await choose(page, 'Company', 'Ana & Sons');
    await choose(page, 'Service', 'Consulting day');
    await field(page, 'Quantity').fill('2');
    await page.getByText('2,501.00').first().waitFor();
    await press('Save the draft');
    await heading(/Draft for Ana & Sons/);
    await press('Issue');
    await confirm('Issue');
    await heading(/^Invoice \S+/);
    await page.getByText('Issued', { exact: true }).first().waitFor();
  });

  it('has a PDF of it', async () => {
    const url = await page.getByRole('link', { name: 'PDF', exact: true }).getAttribute('href');
    const answer = await context.request.get(base + (url ?? ''));
    expect(answer.status()).toBe(200);
    expect((await answer.body()).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('records the payment of it', async () => {
    await page.getByRole('link', { name: 'Record a payment' }).click();
    await heading('Record a payment');
    await page.getByText('Applied: 2,501.00').waitFor();
    await press('Record');
    await heading(/^Invoice \S+/);
    await page.getByText('Paid', { exact: true }).first().waitFor();
  });

  it('drafts a credit note for a part of it', async () => {
    await page.getByRole('link', { name: 'Credit note', exact: true }).click();
    await heading('New credit note');
    await page.getByRole('textbox', { name: 'To credit, before tax: Consulting day' }).fill('9,000');
    await press('Save the draft');
    await page.getByText(/isn't credited of this line yet/).waitFor();
    await page.getByRole('textbox', { name: 'To credit, before tax: Consulting day' }).fill('250.10');
    await press('Save the draft');
    await heading(/Draft credit note for Ana & Sons/);
    await page.getByText('250.10').first().waitFor();
  });

  it('reads the figures on the dashboard, each of which opens', async () => {
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    const revenue = page.getByRole('link', { name: /2,501\.00/ }).first();
    await revenue.waitFor();
    await page.getByText('This margin has no cost of goods in it').waitFor();
    await page.getByRole('table', { name: 'Margin' }).getByRole('link', { name: 'Ana & Sons' }).waitFor();
    await revenue.click();
    await heading('Ledger');
    await page
      .getByRole('row', { name: /2,501\.00/ })
      .first()
      .waitFor();
  });

  it('speaks Georgian at a switch, and remembers it', async () => {
    await page.goto(base);
    await page.getByRole('button', { name: 'ქართული' }).click();
    await heading('მთავარი');
    await page.getByText('2 501,00').first().waitFor();
    await page.reload();
    await heading('მთავარი');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ka');
    await picture(page, 'dashboard-ka');
  });

  it('fits a phone, in both languages', async () => {
    const { pipelines } = await ask<{ pipelines: { nodes: { stages: { id: string }[] }[] } }>(
      context,
      base,
      '{ pipelines(first: 1) { nodes { stages { id } } } }',
    );
    for (const stage of pipelines.nodes[0]?.stages ?? []) {
      await ask(
        context,
        base,
        'mutation ($id: ID!) { createDeal(input: { name: "Yearly contract", stageId: $id, amount: "1200" }) { deal { id } } }',
        { id: stage.id },
      );
    }
    const { companies } = await ask<{ companies: { nodes: { id: string }[] } }>(context, base, '{ companies(first: 1) { nodes { id } } }');
    const makeDraft = async () => {
      const { createInvoice } = await ask<{ createInvoice: { invoice: { id: string } } }>(
        context,
        base,
        'mutation ($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id } } }',
        {
          input: {
            companyId: companies.nodes[0]?.id,
            discountPercent: '5',
            lines: [
              {
                description: 'Support for a year',
                quantity: '12.5',
                unitPrice: '123456.78',
                serviceFrom: '2026-01-01',
                serviceTo: '2026-12-31',
              },
            ],
          },
        },
      );
      return createInvoice.invoice.id;
    };
    const draft = `/finance/invoices/${await makeDraft()}`;
    const issued = await makeDraft();
    await ask(context, base, 'mutation ($id: ID!) { issueInvoice(input: { id: $id }) { invoice { id } } }', { id: issued });
    await page.setViewportSize(phone);
    const wide: string[] = [];
    const spoken = async () =>
      (await ask<{ me: { user: { language: string } } }>(context, base, '{ me { user { language } } }')).me.user.language;
    for (const [language, code] of [
      ['ქართული', 'KA'],
      ['English', 'EN'],
    ] as const) {
      await page.goto(base);
      await page.getByRole('button', { name: /მენიუ|Menu/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: language }).click();
      // Whoever leaves before the server knows keeps the old one.
      await expect.poll(spoken).toBe(code);
      for (const path of [
        '/',
        '/companies',
        '/sales/deals',
        '/sales/leads',
        '/delivery/projects',
        '/delivery/time',
        '/finance/invoices',
        '/finance/invoices/new',
        draft,
        `${draft}/edit`,
        `/finance/invoices/${issued}/credit`,
        '/finance/expenses/new',
        '/finance/payments/new',
        '/finance/recurring-invoices',
        '/finance/recognition',
        '/finance/ledger',
        '/finance/accounts',
        '/people/employees',
        '/reports/margin',
        '/reports/cash-flow',
        '/settings/members',
        '/settings/profile',
      ]) {
        await page.goto(base + path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle');
        if ((await noOverflow(page)) > 0) wide.push(`${language} ${path}`);
      }
    }
    expect(wide).toEqual([]);
  });

  it('logs out and in again', async () => {
    await page.setViewportSize(desktop);
    await page.goto(base);
    await press('Log out');
    await heading('Log in');
    await page.goto(`${base}/companies`);
    await heading('Log in');
    await field(page, 'E-mail').fill(address);
    await page.getByLabel('Password', { exact: false }).first().fill('correct horse battery');
    await press('Log in');
    await heading('Companies');
  });

  it('had no script fail on the way', () => {
    expect(failures).toEqual([]);
  });
});
