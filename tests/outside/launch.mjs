// Starts the distribution's Chromium without a screen and without calls home.
import { chromium } from "playwright-core";

export const PATIENCE = 180_000; // ms: a busy machine is no fault of what is tested

export const launch = () => chromium.launch({
  timeout: PATIENCE,
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
