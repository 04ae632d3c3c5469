/** An enum whose values are their names, as registerEnumType takes it. */
export const enumOf = <Name extends string>(...names: readonly Name[]): Readonly<Record<Name, Name>> =>
  Object.fromEntries(names.map((name) => [name, name])) as Record<Name, Name>
