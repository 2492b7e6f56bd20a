export async function graphiqlFiles() { return new Map(); }
