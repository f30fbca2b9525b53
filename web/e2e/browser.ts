import { mkdirSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });

/** Where the server under test answers; a run without one would test nothing. */
export function baseUrl(): string {
  const url = process.env.KAMARA_URL;
  if (!url) throw new Error('KAMARA_URL names no running server: start one with a fresh database first');
  return url.replace(/\/$/, '');
}

/** A page that fails its test when a script on it fails. */
export async function openPage(context: BrowserContext): Promise<{ page: Page; failures: string[] }> {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') failures.push(message.text());
  });
  return { page, failures };
}

export const field = (page: Page | Locator, name: string): Locator => page.getByRole('textbox', { name, exact: true });

/** Picks one option of a field that searches while one types. */
export async function choose(page: Page, name: string, option: string): Promise<void> {
  const input = page.getByRole('combobox', { name, exact: true }).first();
  await input.click();
  await input.fill(option);
  await page.getByRole('option', { name: option }).first().click();
}

export async function noOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync('e2e/out', { recursive: true });
  await page.screenshot({ path: `e2e/out/${name}.png`, fullPage: true });
}
