import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ask, signUp } from './api';
import { baseUrl, choose, desktop, field, launch, openPage, picture } from './browser';

/** One piece of work through the whole chain: lead, deal, project, time, expense, invoice, ledger; and what may go wrong on the way. */
describe('the chain', () => {
  const base = baseUrl();
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let failures: string[];
  let email: string;

  beforeAll(async () => {
    browser = await launch();
    context = await browser.newContext({ viewport: desktop, locale: 'en-GB' });
    email = await signUp(context, base, 'Chain Ltd');
    ({ page, failures } = await openPage(context));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    console.error(failures.join('\n'));
    await picture(page, task.name.replace(/\W+/g, '-'));
  });
  afterAll(() => browser.close());

  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  const chain = () => page.getByRole('navigation', { name: 'Where this stands' });
  const status = (name: string) => page.locator('.page-head').getByText(name, { exact: true }).waitFor();

  it('turns a lead into a deal', async () => {
    await page.goto(`${base}/sales/leads/new`);
    await field(page, 'Name').fill('Maria Anders');
    await field(page, 'Their company').fill('Alfreds');
    await press('Create');
    await heading('Maria Anders');
    await press('Convert');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name of the deal' }).fill('ERP roll-out');
    await confirm('Convert');
    await heading('ERP roll-out');
    await chain().getByRole('link', { name: 'Maria Anders' }).waitFor();
  });

  it('gives the deal an amount, and moves it on the board', async () => {
    await page.getByRole('link', { name: 'Edit' }).click();
    await field(page, 'Amount').fill('12,000');
    await press('Save');
    await heading('ERP roll-out');
    await page.getByText('12,000.00').first().waitFor();
    await page.goto(`${base}/sales/deals`);
    const stages = page.locator('.stage');
    await stages.nth(1).waitFor();
    const second = await stages.nth(1).getAttribute('aria-label');
    await page.getByLabel('Stage of ERP roll-out').selectOption({ label: second ?? '' });
    await stages.nth(1).getByRole('link', { name: 'ERP roll-out' }).waitFor();
  });

  it('wins the deal and makes a project of it', async () => {
    await page.getByRole('link', { name: 'ERP roll-out' }).click();
    await press('Win');
    await confirm('Win');
    await status('Won');
    await page.getByRole('link', { name: 'New project' }).click();
    await heading('New project');
    expect(await field(page, 'Name').inputValue()).toBe('ERP roll-out');
    await press('Create');
    await heading('ERP roll-out');
    await chain().getByText('Deal').waitFor();
    await status('Active');
  });

  it('logs a week of somebody’s time, and approves it', async () => {
    await page.goto(`${base}/people/employees/new`);
    await field(page, 'Name').fill('Giorgi Maisuradze');
    await field(page, 'Cost rate per hour').fill('40');
    await press('Create');
    await heading('Giorgi Maisuradze');
    await page.goto(`${base}/delivery/week`);
    await choose(page, 'Employee', 'Giorgi');
    await choose(page, 'Add a project', 'ERP roll-out');
    const cells = page.getByRole('table', { name: 'Week' }).getByRole('textbox');
    await cells.first().fill('7.5');
    await press('Save the week');
    await page.goto(`${base}/delivery/time`);
    await page.getByRole('row', { name: /Giorgi Maisuradze.*7\.5/ }).waitFor();
    await press('Approve');
    await page.getByRole('row', { name: /Giorgi Maisuradze.*Approved/ }).click({ position: { x: 20, y: 10 } });
    await heading(/Giorgi Maisuradze/);
    await page.getByText('300.00').first().waitFor();
    await chain()
      .getByRole('link', { name: /^Entry/ })
      .click();
    await heading(/^Entry/);
    await page.getByRole('cell', { name: '300.00' }).first().waitFor();
  });

  it('records an expense, and takes it back', async () => {
    await page.goto(`${base}/finance/expenses/new`);
    await field(page, 'Description').fill('Train to Batumi');
    await field(page, 'Amount, tax included').fill('118');
    await choose(page, 'Project', 'ERP roll-out');
    await press('Record');
    await heading('Train to Batumi');
    await chain().getByRole('link', { name: 'ERP roll-out' }).first().waitFor();
    await press('Reverse');
    await confirm('Reverse');
    await status('Reversed');
  });

  it('posts an entry by hand only when both sides are equal', async () => {
    await page.goto(`${base}/finance/journal/new`);
    await field(page, 'Description').first().fill('Opening balance');
    const lines = page.getByRole('group');
    for (const [index, side] of ['Debit', 'Credit'].entries()) {
      const line = lines.nth(index);
      const account = line.getByRole('combobox', { name: 'Account' });
      await account.click();
      await account.fill(index === 0 ? 'Bank' : 'capital');
      await page
        .getByRole('option', { name: index === 0 ? /Bank/ : /capital/ })
        .first()
        .click();
      await line.getByRole('textbox', { name: side }).fill(index === 0 ? '5000' : '4000');
    }
    await press('Post');
    await page.getByRole('alert').waitFor();
    await lines.nth(1).getByRole('textbox', { name: 'Credit' }).fill('5000');
    await press('Post');
    await heading(/^Entry/);
    await page.getByRole('link', { name: /Share capital/ }).waitFor();
  });

  it('takes an advance, and settles an invoice with a part of it later', async () => {
    const { createCompany } = await ask<{ createCompany: { company: { id: string } } }>(
      context,
      base,
      'mutation { createCompany(input: { name: "Island Trading" }) { company { id } } }',
    );
    const companyId = createCompany.company.id;
    await page.goto(`${base}/finance/payments/new?companyId=${companyId}`);
    await page.getByText('Nothing is open that it could settle.').waitFor();
    await page.getByRole('checkbox', { name: 'This is an advance' }).check();
    await press('Record');
    await page.getByText('Please fill this in').waitFor();
    await field(page, 'Amount').fill('500');
    await press('Record');
    await heading(/500\.00.*from Island Trading/);
    await status('Advance');
    const { createInvoice } = await ask<{ createInvoice: { invoice: { id: string } } }>(
      context,
      base,
      'mutation ($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id } } }',
      { input: { companyId, lines: [{ description: 'Audit', quantity: '1', unitPrice: '200' }] } },
    );
    const { issueInvoice } = await ask<{ issueInvoice: { invoice: { number: string } } }>(
      context,
      base,
      'mutation ($id: ID!) { issueInvoice(input: { id: $id }) { invoice { number } } }',
      createInvoice.invoice,
    );
    const { number } = issueInvoice.invoice;
    await press('Settle');
    const dialog = page.getByRole('dialog');
    await field(dialog, `Amount for ${number}`).fill('201');
    await confirm('Settle');
    await dialog.getByText(/What is due on this document is 200/).waitFor();
    await field(dialog, `Amount for ${number}`).fill('200');
    await confirm('Settle');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('row', { name: number }).waitFor();
    await page.getByText('300.00').first().waitFor();
  });

  it('says when someone else was faster, and keeps what was typed', async () => {
    const { createCompany } = await ask<{ createCompany: { company: { id: string } } }>(
      context,
      base,
      'mutation { createCompany(input: { name: "Bon app" }) { company { id } } }',
    );
    const { id } = createCompany.company;
    await page.goto(`${base}/companies/${id}/edit`);
    await field(page, 'City').fill('Marseille');
    await ask(
      context,
      base,
      'mutation ($id: ID!) { updateCompany(input: { id: $id, version: 1, phone: "91.24.45.40" }) { company { id } } }',
      { id },
    );
    await press('Save');
    await page.getByText('Someone else has changed this').waitFor();
    await press('Load the newer version');
    await page.getByText('The newer version is loaded').waitFor();
    expect(await field(page, 'City').inputValue()).toBe('Marseille');
    expect(await field(page, 'Phone').inputValue()).toBe('91.24.45.40');
    await press('Save');
    await heading('Bon app');
  });

  it('shows the server’s refusal beside its field', async () => {
    await page.goto(`${base}/companies/new`);
    await field(page, 'Name').fill('x'.repeat(1000));
    await press('Create');
    const name = field(page, 'Name');
    await page.locator('.mantine-InputWrapper-error').first().waitFor();
    expect((await name.inputValue()).length).toBe(1000);
  });

  it('asks before typed input is left behind', async () => {
    await page.getByRole('link', { name: 'Reports' }).click();
    await page.getByRole('dialog').getByText('hasn’t been saved').waitFor();
    await confirm('Leave without saving');
    await heading('Margin');
  });

  it('logs in again over the page when the session has ended', async () => {
    await page.goto(`${base}/companies/new`);
    await field(page, 'Name').fill('Blauer See');
    await ask(context, base, 'mutation { logOut { ok } }');
    await press('Create');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('what you typed is still here').waitFor();
    await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email);
    await dialog.locator('input[type=password]').fill('correct horse battery');
    await dialog.getByRole('button', { name: 'Log in' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await press('Create');
    await heading('Blauer See');
  });

  it('archives and restores', async () => {
    await press('Archive');
    await confirm('Archive');
    await status('Archived');
    const address = page.url();
    await page.goto(`${address}/edit`);
    await page.getByText('This record is archived.', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'Its page' }).click();
    await page.waitForURL(address);
    await press('Restore');
    await confirm('Restore');
    await page.getByRole('button', { name: 'Archive', exact: true }).waitFor();
  });

  it('had no script fail on the way', () => {
    expect(failures).toEqual([]);
  });
});
