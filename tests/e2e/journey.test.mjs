// The whole journey in a real browser: from the registration of a unit to its confirmed dues.
// `tests/run` runs it; by hand: node --test tests/e2e/journey.test.mjs
//
// The parts build on each other, in this order, in one demo. After a failure the rest is skipped.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startDemo } from "./demo.mjs";
import { parts as applicants } from "./applicants.mjs";
import { parts as books } from "./books.mjs";
import { parts as dues } from "./dues.mjs";
import { parts as offline } from "./offline.mjs";
import { handedOn, parts as paper } from "./paper.mjs";
import { parts as profile } from "./profile.mjs";
import { parts as register } from "./register.mjs";
import { parts as review } from "./review.mjs";
import { parts as signIn } from "./sign_in.mjs";
import { complaints, launch } from "./window.mjs";

const world = { demo: null, browser: null };
let broken = false;

before(async () => {
  world.browser = await launch();
  world.demo = await startDemo();
});

after(async () => {
  await world.browser?.close();
  await world.demo?.stop();
});

for (const part of [register, review, signIn, profile, offline, handedOn, dues, paper, books].flat()) {
  test(part.name.replaceAll("_", " "), async (context) => {
    if (broken) return context.skip("an earlier part failed");
    broken = true;
    await part(world);
    broken = false;
  });
}

for (const part of applicants) test(part.name.replaceAll("_", " "), () => part(world));

test("every page that was visited is sound", () => {
  assert.ok(complaints.length === 0, `${complaints.length} complaints:\n${complaints.join("\n")}`);
});
