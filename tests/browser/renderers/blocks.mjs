// Block Kit as HTML: reads {packages, messages: [{blocks, theme, time, framed}]}, writes {style, drawn: [markup]}.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const require = createRequire(path.join(asked.packages, "package.json"));
const { createElement } = require("react");
const { renderToStaticMarkup } = require("react-dom/server");
const entry = require.resolve("slack-blocks-to-jsx");
const { Message } = require(entry);

const letter =
  '<svg xmlns="http://www.w3.org/2000/svg" width="36" height="36"><rect width="36" height="36" rx="6" fill="#4a154b"/>' +
  '<text x="18" y="25" font-size="18" fill="#fff" text-anchor="middle" font-family="sans-serif">F</text></svg>';
const element = ({ blocks, theme, time, framed }) =>
  createElement(Message, {
    blocks,
    theme,
    name: "Folkmoot",
    time: new Date(time),
    logo: "data:image/svg+xml;base64," + Buffer.from(letter).toString("base64"),
    data: { users: [], channels: [], user_groups: [] },
    withoutWrapper: !framed,
  });
const style = fs.readFileSync(path.join(path.dirname(entry), "style.css"), "utf8");
process.stdout.write(JSON.stringify({ style, drawn: asked.messages.map((each) => renderToStaticMarkup(element(each))) }));
