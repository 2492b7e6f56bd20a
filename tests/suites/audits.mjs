// The audits of graphql-http on an address: a JSON list of [status, id, name, reason].
import { serverAudits } from "graphql-http";

const [url] = process.argv.slice(2);
const results = [];
for (const audit of serverAudits({ url, fetchFn: fetch })) {
  const { status, reason = "" } = await audit.fn();
  results.push([status, audit.id, audit.name, reason]);
}
console.log(JSON.stringify(results));
