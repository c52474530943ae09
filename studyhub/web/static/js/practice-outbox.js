// Answers that the server has not confirmed yet. They stay in this browser's storage, one entry each, until it has:
// the id of an answer is made once, so that sending it again stores nothing twice.

const PREFIX = "studyhub.answer";
const LONGEST_WAIT_MS = 60_000;
const TIMEOUT_MS = 20_000;
const unkept = new Map(); // where storage is full or refused: until the page is left

const placeOf = (answer) => [PREFIX, answer.user, answer.place, answer.id].join("|");

export const keep = (answer) => {
  try {
    localStorage.setItem(placeOf(answer), JSON.stringify(answer));
  } catch {
    unkept.set(placeOf(answer), answer);
  }
};

export const forget = (answer) => {
  unkept.delete(placeOf(answer));
  try {
    localStorage.removeItem(placeOf(answer));
  } catch {
    return; // nothing could be kept, so nothing is left
  }
};

const stored = (user) => {
  try {
    return Object.keys(localStorage)
      .filter((place) => place.startsWith(`${PREFIX}|${user}|`))
      .map((place) => JSON.parse(localStorage.getItem(place)));
  } catch {
    return [];
  }
};

export const waiting = (user) =>
  [...stored(user), ...unkept.values()].filter(Boolean).sort((one, other) => (one.answeredAt < other.answeredAt ? -1 : 1));

export const waitBefore = (attempt) => Math.min(LONGEST_WAIT_MS, 1000 * 2 ** attempt) * (0.5 + Math.random() / 2);

const post = (answer, token) => {
  const body = new URLSearchParams(answer.fields);
  body.set("csrf_token", token);
  body.set("answered_at", answer.answeredAt);
  return fetch(answer.url, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
};

const freshToken = async (answer) => {
  const page = await fetch(answer.page, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const parsed = new DOMParser().parseFromString(await page.text(), "text/html");
  return parsed.querySelector("input[name=csrf_token]")?.value ?? "";
};

// A network that answers in the server's place (a hotel's sign-in page, say) does not know the id.
const confirmed = async (answer, response) => {
  const body = await response.json().catch(() => null);
  return body?.saved === true && body.id === answer.id ? body : null;
};

// Gives { outcome: "saved" | "later" | "signed-out" | "refused", body, message }.
export const send = async (answer, token) => {
  try {
    let response = await post(answer, token);
    if (response.status === 400) response = await post(answer, await freshToken(answer));
    if (response.ok) {
      const body = await confirmed(answer, response);
      return { outcome: body ? "saved" : "later", body };
    }
    if (response.status === 401) return { outcome: "signed-out" };
    if (![400, 403, 404, 409, 413].includes(response.status)) return { outcome: "later" };
    const body = await response.json().catch(() => null);
    return body?.message === undefined ? { outcome: "later" } : { outcome: "refused", message: body.message };
  } catch {
    return { outcome: "later" };
  }
};
