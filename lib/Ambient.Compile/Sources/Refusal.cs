using System.Collections.Immutable;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Sources;

/// <summary>Why the newest version of an object is not in force, and whether an older one is.</summary>
internal sealed record Refusal(long Generation, ImmutableArray<Finding> Problems, string Reason, bool LastGoodInForce)
{
    /// <summary>A status holds 32,768 characters; whoever repairs these sees the next ones.</summary>
    private const int Told = 10;
    private const int LongestPart = 1024;

    public string Message => string.Join("; ", Problems.Take(Told).Select(Part)) + (Problems.Length > Told ? $"; and {Problems.Length - Told} more problems" : "");

    private static string Part(Finding problem)
    {
        string text = problem.Field.Length > 0 ? $"{problem.Field}: {problem.Message}" : problem.Message;
        return text.Length <= LongestPart ? text : text[..LongestPart] + "…";
    }
}
