import type { RelatedRange } from '../base/diagnostic.ts';
import type { TemplateFiles } from '../targets/template.ts';

/**
 * Where an inventory's own template first departs from the shipped one, for each that is overridden: the likely cause when a
 * rendered file lacks what the inventory asks for.
 */
export function templateChanges(used: TemplateFiles, shipped: TemplateFiles): readonly RelatedRange[] {
  return [...used].flatMap(([name, file]) => {
    const original = shipped.get(name);
    if (!original || original.text === file.text) return [];
    const before = original.text.split('\n');
    const now = file.text.split('\n');
    const line = now.findIndex((text, index) => text !== before[index]);
    const at = line < 0 ? now.length : line + 1;
    return [
      { file: file.path, line: at, column: 1, note: 'here your template departs from the shipped one' },
    ];
  });
}
