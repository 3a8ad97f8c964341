// Prints what the official parser finds in the document at the given path, as JSON.
const { readFileSync } = require("node:fs");
const { Parser } = require("@asyncapi/parser");

new Parser().parse(readFileSync(process.argv[2], "utf8")).then(({ document, diagnostics }) => {
  const found = diagnostics.map(({ code, message, path, severity }) => ({ code, message, path, severity }));
  const channels = document ? document.channels().all().map((one) => one.id()) : [];
  process.stdout.write(JSON.stringify({ found, channels }));
});
