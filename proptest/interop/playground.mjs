// Drives the playground's page as a person would, on every deployment: connect, send, look at the frames, close.
// Usage: playground.mjs http://127.0.0.1:PORT/
import { chromium } from 'playwright-core';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const page = await browser.newPage();
page.setDefaultTimeout(5000);
const complaints = [];
page.on('pageerror', (error) => complaints.push(error.message));

// The rows of the table of frames that show this opcode, from this side.
const rows = (from, opcode) => page.locator('#frames tr', { hasText: from }).filter({ hasText: opcode });

async function converse(path) {
  await page.selectOption('#url-path', path);
  await page.click('#clear');
  await page.click('#connect');
  await page.locator('#status', { hasText: `Connected to ${path}` }).waitFor();
  await page.fill('#text', `ß 漢 😀 on ${path}`);
  for (const kind of ['text', 'binary']) {
    await page.click(`#send-${kind}`);
    await rows('client', kind).first().waitFor();
    await rows('server', kind).first().waitFor();
  }
  await page.click('#close');
  await rows('client', 'close').first().waitFor();
  await rows('server', 'close').first().waitFor();
  if (complaints.length) throw new Error(complaints.splice(0).join('; '));
}

let failed = 0;
try {
  await page.goto(process.argv[2]);
  const paths = await page.locator('#url-path option').evaluateAll((all) => all.map((option) => option.value));
  if (paths.length < 5) throw new Error(`only ${paths.length} deployments`);
  for (const path of paths) {
    try {
      await converse(path);
      console.log(`ok playground${path}`);
    } catch (error) {
      failed = 1;
      console.log(`FAIL playground${path}: ${error.message.split('\n')[0]}`);
    }
  }
} catch (error) {
  failed = 1;
  console.log(`FAIL playground: ${error.message.split('\n')[0]}`);
}
await browser.close();
process.exit(failed);
