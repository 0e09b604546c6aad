namespace Ambient.Compile.Authorization;

/// <summary>A value of a rule that refuses the whole policy.</summary>
internal sealed record RuleProblem(string Code, string Field, string Message);
