namespace Ambient.Kube.Emulator.Schemas;

/// <summary>A <c>kind</c> line of a .schema file: names and the words after them (ns or cluster, status, scale, cat=…, review, hidden, store=…).</summary>
internal sealed record KindLine(string Group, string Version, string Kind, string Plural, string[] ShortNames, string[] Words, Schema Schema);
