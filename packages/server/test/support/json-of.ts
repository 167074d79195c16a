/** The body of an answer, whatever it is: a test says what it expects. */
// biome-ignore lint/suspicious/noExplicitAny: the body is what is tested
export async function jsonOf(answer: Response): Promise<any> {
  return answer.json();
}
