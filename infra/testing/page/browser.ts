// playwright-core types what runs inside pages with the DOM's own types.
/// <reference lib="dom" />
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../chromium.ts';

/** A real Chromium without a window. The runner has made sure that there is one. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === null) throw new Error('no Chromium; see infra/testing/runner');
  return chromium.launch({ executablePath });
}
