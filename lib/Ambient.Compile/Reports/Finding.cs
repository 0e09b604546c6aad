namespace Ambient.Compile.Reports;

/// <summary>
/// Something a person should know about an object.
/// <paramref name="Code"/>: <c>AMBnnnn</c>, listed in <see cref="FindingCodes"/>. <paramref name="Field"/>: path like
/// <c>spec.rules[0].from[0].source.principals[0]</c>, empty for the object as a whole. <paramref name="Message"/> says the fix.
/// </summary>
public sealed record Finding(
    string Code, FindingLevel Level, string Kind, string Namespace, string Name, string Field, string Message);
