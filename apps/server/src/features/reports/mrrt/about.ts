type Attributes = ReadonlyMap<string, string>;

/** What a template says of itself (IHE RAD MRRT: metadata of Dublin Core). */
export class About {
  #named = '';
  #titled = '';
  #language: string | undefined;

  open(tag: string, attributes: Attributes): void {
    if (tag === 'html') this.#language ??= attributes.get('lang') ?? attributes.get('xml:lang');
    if (tag !== 'meta') return;
    const [name, content] = [attributes.get('name')?.toLowerCase(), attributes.get('content')?.trim() ?? ''];
    if (name === 'dcterms.title') this.#named ||= content;
    if (name === 'dcterms.language' && content !== '') this.#language = content;
  }
  title(text: string): void {
    this.#titled += text;
  }
  /** At most 80 characters; empty where it has none. */
  get name(): string {
    const said = this.#named === '' ? this.#titled : this.#named;
    return [...said.replaceAll(/\s+/g, ' ').trim()].slice(0, 80).join('').trim();
  }
  /** Null where it says none, or another than ours. */
  get language(): 'fr' | 'en' | null {
    const said = this.#language?.toLowerCase().slice(0, 2);
    return said === 'fr' || said === 'en' ? said : null;
  }
}
