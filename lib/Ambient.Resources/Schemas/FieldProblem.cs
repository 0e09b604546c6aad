namespace Ambient.Resources.Schemas;

/// <summary>What is wrong with a field. <paramref name="Path"/>: <c>spec.rules[0].to[1].operation.ports[0]</c>.</summary>
public sealed record FieldProblem(string Path, FieldProblemKind Kind, string Message);
