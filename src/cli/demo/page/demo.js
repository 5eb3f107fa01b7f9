// Shows what the server says and posts what people do. It decides nothing: every change is asked for anew.
"use strict";

const page = { view: null, person: sessionStorage.getItem("person") || "ada", place: null, cards: new Map(), asking: null, again: false };
const at = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const MARKS = {
  open: "M8 0a8 8 0 1 1 0 16A8 8 0 0 1 8 0Zm0 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
  closed: "M8 0a8 8 0 1 1 0 16A8 8 0 0 1 8 0Zm0 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm3.2 4.1 1.1 1-4.9 5.2L4 8.6l1-1.1 2.4 2.2Z",
};
// REV is the newest revision of the issue's plan, the only one that can be approved.
const COMMANDS = ["/enhance", "/approve REV", "/revise 1: …", "/items", "/why R1", "/status", "/undo", "/help"];

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value || "";
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// Only for HTML that the server has rendered from Markdown or drawn.
function rendered(tag, name, html) {
  const element = make(tag, { class: name });
  element.innerHTML = html;
  return element;
}

function icon(open) {
  const kind = open ? "open" : "closed";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${kind}`);
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", kind);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", MARKS[kind]);
  svg.append(path);
  return svg;
}

function face(login, bot) {
  const circle = make("div", { class: bot ? "face bot" : "face", "aria-hidden": "true" }, login.charAt(0).toUpperCase());
  let tone = 0;
  for (const letter of login) tone = (tone * 31 + letter.codePointAt(0)) % 360;
  circle.style.setProperty("--tone", tone);
  return circle;
}

function ago(ms) {
  const seconds = Math.max(0, Math.round((Date.now() - ms) / 1000));
  if (seconds < 45) return "just now";
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

function time(ms) {
  const date = new Date(ms);
  return make("time", { datetime: date.toISOString(), title: date.toLocaleString(), "data-ms": ms }, ago(ms));
}

function where() {
  const [path, line] = [decodeURIComponent(location.pathname), /^#L(\d+)/.exec(location.hash)];
  const home = "/acme/web";
  // Before anything that takes its two words for an owner and a name.
  if (path.startsWith("/apps/")) return { kind: "app" };
  let found = /^\/[^/]+\/[^/]+\/issues\/(\d+)$/.exec(path);
  if (found) return { kind: "issue", number: Number(found[1]) };
  if (/^\/[^/]+\/[^/]+\/issues\/?$/.test(path)) return { kind: "issues" };
  if (path === `${home}/issues/new`) return { kind: "new" };
  found = /^\/[^/]+\/[^/]+\/blob\/([^/]+)\/(.+)$/.exec(path);
  if (found) return { kind: "file", version: found[1], path: found[2], line: line ? Number(line[1]) : 0 };
  if (/^\/[^/]+\/[^/]+(\/(tree|commit)\/[^/]+\/?)?$/.test(path)) return { kind: "files" };
  return { kind: "elsewhere", path };
}

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, options).catch(() => {
    throw new Error("The demo has ended. Start it again where it ran: millwright demo");
  });
  const text = await answer.text();
  const told = text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : { message: text };
  if (!answer.ok) throw new Error(told.message || `The demo answered ${answer.status}.`);
  return told;
}

// Asks for everything that is shown; changes that come meanwhile are asked for once more, together, and whoever asked waits for them.
function refresh() {
  if (page.asking) page.again = true;
  else page.asking = look();
  return page.asking;
}

async function look() {
  try {
    do {
      page.again = false;
      const number = page.place.kind === "issue" ? `?issue=${page.place.number}` : "";
      const view = await ask(`/api/view${number}`);
      announce(view);
      page.view = view;
      show();
    } while (page.again);
  } catch (error) {
    console.warn(error);
  } finally {
    page.asking = null;
  }
}

function announce(view) {
  const comments = (shown) => (shown?.issue?.timeline || []).filter((entry) => entry.kind === "comment");
  if (!page.view || page.view.issue?.number !== view.issue?.number) return;
  const known = new Set(comments(page.view).map((entry) => entry.id));
  const fresh = comments(view).filter((entry) => !known.has(entry.id));
  if (fresh.length > 0) at("said").textContent = `${fresh.map((entry) => entry.author).join(" and ")} commented.`;
}

function show() {
  const { view } = page;
  at("repository").textContent = view.repository;
  at("new").href = `/${view.repository}/issues/new`;
  if (at("person").options.length === 0) people(view);
  lists(view);
  if (page.place.kind === "issue") issue(view);
}

function people(view) {
  for (const { login, role } of view.people) at("person").append(make("option", { value: login }, `${login} · ${role}`));
  at("person").value = page.person;
  if (at("person").selectedIndex < 0) become(view.people[0].login);
}

function become(login) {
  page.person = login;
  at("person").value = login;
  sessionStorage.setItem("person", login);
  page.cards.clear();
  if (page.view) show();
}

function lists(view) {
  const here = page.place.kind === "issue" ? page.place.number : 0;
  at("issues").replaceChildren(...view.issues.map((line) =>
    make("li", { class: line.is_child ? "child" : null }, make("a", { href: `/${view.repository}/issues/${line.number}`, "aria-current": line.number === here ? "page" : null },
      icon(line.open), make("span", {}, line.title, " ", make("span", { class: "number" }, `#${line.number}`))))));
  const file = page.place.kind === "file" ? page.place.path : "";
  at("files").querySelector("ul").replaceChildren(...view.files.map((path) =>
    make("li", {}, make("a", { href: `/${view.repository}/blob/main/${path}`, "aria-current": path === file ? "page" : null }, make("code", {}, path)))));
}

function issue(view) {
  const opened = view.issue;
  if (!opened) {
    at("content").replaceChildren(make("h1", {}, "There is no such issue"), make("p", {}, "The list on the left has all of them."));
    return;
  }
  document.title = `${opened.title} · #${opened.number} · Millwright demo`;
  let shell = document.querySelector(`article[data-number="${opened.number}"]`);
  if (!shell) {
    page.cards.clear();
    shell = make("article", { "data-number": opened.number }, make("div", { class: "top" }), make("div", { class: "stream" }), composer(opened.number));
    at("content").replaceChildren(shell);
  }
  put(shell.querySelector(".top"), [["head", [opened.title, opened.state, opened.labels, opened.parent], () => head(opened, view)]]);
  const cards = [["text", [opened.html], () => card({ author: opened.author, created_ms: opened.created_ms, html: opened.html, reactions: [] }, view)]];
  if (opened.sub_issues.length + opened.blocked_by.length > 0 || opened.graph) {
    cards.push(["links", [opened.sub_issues, opened.blocked_by, opened.graph], () => links(opened, view)]);
  }
  for (const entry of opened.timeline) {
    const key = `${entry.kind}${entry.id}`;
    cards.push([key, [entry], () => (entry.kind === "comment" ? comment(entry, view) : event(entry, view))]);
  }
  if (opened.working) cards.push(["working", [], () => make("p", { class: "waiting" }, `${view.bot} is at work`)]);
  put(shell.querySelector(".stream"), cards);
  shell.querySelector(".composer").firstElementChild.replaceWith(face(page.person, false));
  shell.querySelectorAll("[data-command]").forEach((chip) => { chip.textContent = spelled(chip.dataset.command); });
  const toggle = shell.querySelector("[data-toggle]");
  toggle.textContent = opened.open ? "Close issue" : "Reopen issue";
  toggle.dataset.toggle = opened.open ? "close" : "reopen";
}

// Puts elements in order and makes only those anew whose content changed, so that nothing that is read or typed jumps.
function put(parent, cards) {
  const elements = cards.map(([key, content, build]) => {
    const print = JSON.stringify(content);
    const known = page.cards.get(key);
    if (known && (known.print === print || known.element.dataset.editing)) return known.element;
    const element = build();
    page.cards.set(key, { print, element });
    return element;
  });
  elements.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] || null);
  });
  while (parent.children.length > elements.length) parent.lastElementChild.remove();
}

function head(opened, view) {
  const state = make("span", { class: `state ${opened.open ? "open" : "closed"}` }, icon(opened.open), opened.state);
  const labels = opened.labels.map((label) => {
    const element = make("span", { class: "label" }, label.name);
    element.style.setProperty("--hue", `#${label.color}`);
    return element;
  });
  const parent = opened.parent && make("span", {}, "sub-issue of ", make("a", { href: `/${view.repository}/issues/${opened.parent.number}` }, `#${opened.parent.number} ${opened.parent.title}`));
  return make("div", {},
    make("h1", {}, opened.title, " ", make("span", { class: "number" }, `#${opened.number}`)),
    make("p", { class: "meta" }, state, make("span", {}, make("b", {}, opened.author), " opened this ", time(opened.created_ms)), parent, labels));
}

function card(entry, view) {
  const bot = entry.bot || entry.author === view.bot;
  const header = make("header", {}, make("b", {}, entry.author), bot ? make("span", { class: "tag" }, "bot") : null, time(entry.created_ms), entry.edited ? "· edited" : null);
  const body = rendered("div", "text", entry.html);
  const faces = entry.reactions.length === 0 ? null : make("ul", { class: "faces", "aria-label": "Reactions" },
    entry.reactions.map((one) => make("li", { title: one.by }, `${one.face} ${one.count}`)));
  const box = make("div", { class: bot ? "box bot" : "box" }, header, body, faces);
  return make("div", { class: "entry" }, face(entry.author, bot), box);
}

function comment(entry, view) {
  const element = card(entry, view);
  const box = element.querySelector(".box");
  element.id = `issuecomment-${entry.id}`;
  if (entry.minimized) {
    const [header, ...rest] = box.children;
    box.replaceChildren(header, make("details", { class: "fold" }, make("summary", {}, `This comment was marked as ${entry.minimized}.`), rest));
  }
  if (entry.author === page.person) {
    const edit = make("button", { class: "plain end", type: "button", onclick: () => editing(element, entry) }, "Edit");
    box.querySelector("header").append(edit);
  }
  return element;
}

function editing(element, entry) {
  element.dataset.editing = "yes";
  const field = make("textarea", { class: "field", "aria-label": "Comment" });
  field.value = entry.text;
  const done = () => {
    delete element.dataset.editing;
    page.cards.delete(`comment${entry.id}`);
    refresh();
  };
  const form = make("form", { onsubmit: (submitted) => act(submitted, () => ask(`/api/comments/${entry.id}`, { as: page.person, body: field.value }), done) },
    field, make("div", { class: "actions" }, make("p", { class: "problem", role: "alert" }),
      make("button", { class: "button", type: "button", onclick: done }, "Cancel"), make("button", { class: "button main" }, "Save")));
  field.addEventListener("keydown", (key) => quick(key, form));
  element.querySelector(".text").replaceChildren(form);
  field.focus();
}

function event(entry, view) {
  const about = entry.number ? make("a", { href: `/${view.repository}/issues/${entry.number}` }, entry.about) : entry.about && make("b", {}, entry.about);
  return make("div", { class: "event" }, make("span", {}, make("b", {}, entry.actor), " ", entry.what), about, time(entry.at_ms));
}

function links(opened, view) {
  const lines = (list) => make("ul", {}, list.map((line) => make("li", {}, icon(line.open),
    make("a", { href: `/${view.repository}/issues/${line.number}` }, line.title, " ", make("span", { class: "number" }, `#${line.number}`)))));
  const parts = [];
  if (opened.sub_issues.length > 0) {
    const closed = opened.sub_issues.filter((line) => !line.open).length;
    parts.push(make("h2", {}, "Sub-issues", make("span", {}, `${closed} of ${opened.sub_issues.length} closed`)), lines(opened.sub_issues));
  } else if (opened.blocked_by.length > 0) {
    parts.push(make("h2", {}, "Waits for"), lines(opened.blocked_by));
  } else {
    parts.push(make("h2", {}, "Others wait for this"));
  }
  if (opened.graph) parts.push(rendered("div", "drawing", opened.graph));
  return make("section", { class: "panel" }, parts);
}

function composer(number) {
  const field = make("textarea", { class: "field", id: "comment", placeholder: "Leave a comment, or type a command such as /enhance", "aria-label": "Comment" });
  const chips = make("div", { class: "chips", "aria-label": "Commands" }, COMMANDS.map((command) =>
    make("button", { type: "button", "data-command": command, onclick: () => type(command) }, spelled(command))));
  const send = () => ask(`/api/issues/${number}/comments`, { as: page.person, body: field.value });
  const toggle = make("button", { class: "button", type: "button", "data-toggle": "close", onclick: (click) =>
    act(click, () => ask(`/api/issues/${number}/state`, { as: page.person, open: toggle.dataset.toggle === "reopen" }), refresh) });
  const sent = () => {
    field.value = "";
    refresh();
  };
  const form = make("form", { onsubmit: (submitted) => act(submitted, send, sent) },
    make("div", { class: "box" }, field, chips, make("div", { class: "actions" }, make("p", { class: "problem", role: "alert" }), toggle, make("button", { class: "button main" }, "Comment"))));
  field.addEventListener("keydown", (key) => quick(key, form));
  return make("div", { class: "entry composer" }, make("div"), form);
}

function quick(key, form) {
  if (key.key === "Enter" && (key.ctrlKey || key.metaKey)) {
    key.preventDefault();
    form.requestSubmit();
  }
}

function spelled(command) {
  return command.replace("REV", page.view?.issue?.newest ?? 1);
}

function type(command) {
  const field = at("comment");
  if (!field) return;
  field.value = spelled(command).replace("…", "");
  field.focus();
  field.scrollIntoView({ block: "nearest" });
}

// Does one thing at a time, and says below the field why it was not done.
async function act(happened, work, done) {
  happened.preventDefault();
  const form = happened.target.closest("form");
  const problem = form.querySelector(".problem");
  const buttons = [...form.querySelectorAll("button")];
  problem.textContent = "";
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const told = await work();
    done(told);
  } catch (error) {
    problem.textContent = error.message;
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
}

function newIssue() {
  document.title = "New issue · Millwright demo";
  const title = make("input", { class: "field", id: "title", required: true, maxlength: 256, placeholder: "Title", "aria-label": "Title" });
  const body = make("textarea", { class: "field", placeholder: "What should change, and how would one see that it is done?\n\n- [ ] a check box for each thing to see", "aria-label": "Text" });
  body.rows = 9;
  const form = make("form", { onsubmit: (submitted) => act(submitted,
    () => ask("/api/issues", { as: page.person, title: title.value, body: body.value }),
    (opened) => go(`/${page.view.repository}/issues/${opened.number}`).then(() => at("comment")?.focus({ preventScroll: true }))) },
  title, body, make("div", { class: "actions" }, make("p", { class: "problem", role: "alert" }), make("button", { class: "button main" }, "Open issue")));
  body.addEventListener("keydown", (key) => quick(key, form));
  at("content").replaceChildren(make("h1", {}, "New issue"), form);
  title.focus();
}

async function file({ path, line, version }) {
  document.title = `${path} · Millwright demo`;
  try {
    const shown = await ask(`/api/file?path=${encodeURIComponent(path)}`);
    const lines = shown.text.replace(/\n$/, "").split("\n").map((text, index) => make("span", { class: index + 1 === line ? "marked" : "" }, text));
    const old = /^[0-9a-f]{7,40}$/.test(version) && !shown.head.startsWith(version);
    at("content").replaceChildren(make("h1", {}, path),
      make("p", { class: "meta" }, old ? `The default branch has moved on; this is its file at ${shown.head.slice(0, 7)}.` : `main at ${shown.head.slice(0, 7)}`),
      make("pre", { class: "source", tabindex: "0" }, lines));
    at("content").querySelector(".marked")?.scrollIntoView({ block: "center" });
  } catch (error) {
    at("content").replaceChildren(make("h1", {}, path), make("p", {}, error.message));
  }
}

function sayWhere(title, text) {
  document.title = `${title} · Millwright demo`;
  at("content").replaceChildren(make("h1", {}, title), make("p", {}, text));
}

function listed() {
  sayWhere("Issues", "All issues of the repository, as in the list beside.");
  const issues = page.view?.issues || [];
  at("content").append(make("ul", {}, issues.map((line) => make("li", {}, icon(line.open), " ",
    make("a", { href: `/${page.view.repository}/issues/${line.number}` }, line.title, " ", make("span", { class: "number" }, `#${line.number}`))))));
}

async function arrive() {
  page.place = where();
  page.cards.clear();
  at("content").replaceChildren();
  const { kind } = page.place;
  if (kind === "files" || kind === "file") at("files").open = true;
  await refresh();
  if (kind === "new") newIssue();
  else if (kind === "file") await file(page.place);
  else if (kind === "files") sayWhere(page.view?.repository || "Files", "The files are listed under the issues.");
  else if (kind === "issues") listed();
  else if (kind === "app") sayWhere("The App's page is on GitHub", "Here, comment /help on an issue: the bot lists what it can do.");
  else if (kind === "elsewhere") sayWhere("Not part of the demo", "GitHub would show this page; the demo has issues and files.");
  if (location.hash && kind === "issue") document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

function go(path) {
  history.pushState(null, "", path);
  const arrived = arrive();
  window.scrollTo(0, 0);
  return arrived;
}

function follow() {
  document.addEventListener("click", (click) => {
    const link = click.target.closest("a");
    const href = link?.getAttribute("href");
    if (!href || !href.startsWith("/") || click.defaultPrevented || click.button !== 0 || click.ctrlKey || click.metaKey || click.shiftKey) return;
    click.preventDefault();
    go(href);
  });
  window.addEventListener("popstate", arrive);
  at("person").addEventListener("change", () => become(at("person").value));
  const tries = [
    ["Comment /enhance and read the plan.", "/acme/web/issues/2", "ada", "/enhance"],
    ["Comment /approve and the plan's newest revision: it becomes sub-issues that wait for each other.", "/acme/web/issues/2", "ada", "/approve REV"],
    ["Become rita, who may only read, and see how /approve is answered.", "/acme/web/issues/2", "rita", "/approve REV"],
  ];
  at("tries").append(...tries.map(([text, path, login, command]) => make("li", {}, make("button", { type: "button", onclick: async () => {
    become(login);
    if (location.pathname !== path) {
      history.pushState(null, "", path);
      await arrive();
    }
    type(command);
  } }, text))));
  if (window.matchMedia("(max-width: 820px)").matches) at("list").open = false;
  setInterval(() => document.querySelectorAll("time[data-ms]").forEach((shown) => { shown.textContent = ago(Number(shown.dataset.ms)); }), 20000);
}

function listen() {
  const changes = new EventSource("/api/changes");
  changes.addEventListener("changed", () => refresh());
  changes.addEventListener("open", () => { at("stopped").hidden = true; });
  changes.addEventListener("error", () => { at("stopped").hidden = false; });
}

follow();
arrive().then(listen);
