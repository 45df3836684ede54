// Asks ajv, in strict mode, for its verdicts: `node ajv.js NODE_MODULES TASK`, where TASK is a JSON file
// {schemas: {key: path}, questions: [[key, value]]}. Prints a list of booleans.
'use strict';
const fs = require('fs');
const path = require('path');
const [, , modules, task] = process.argv;
const Ajv = require(require.resolve('ajv', { paths: [path.resolve(modules)] }));

// What editors read beyond JSON Schema; unknown keywords are errors in strict mode.
const EDITORS = [
  'markdownDescription', 'markdownEnumDescriptions', 'patternErrorMessage', 'errorMessage',
  'doNotSuggest',
];
// Strict but for three matters of taste: a value may have several types, a constraint two or three items, and
// the `required` of a condition speaks of keys that are declared beside it.
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTuples: false, strictRequired: false });
EDITORS.forEach((keyword) => ajv.addKeyword(keyword));

const { schemas, questions } = JSON.parse(fs.readFileSync(task, 'utf8'));
const compiled = new Map();
for (const [key, file] of Object.entries(schemas)) {
  compiled.set(key, ajv.compile(JSON.parse(fs.readFileSync(file, 'utf8'))));
}
process.stdout.write(JSON.stringify(questions.map(([key, value]) => compiled.get(key)(value))));
