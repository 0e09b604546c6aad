using System.Collections.Immutable;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Sources;

/// <summary>Why the newest version of an object is not in force, and whether an older one is.</summary>
internal sealed record Refusal(long Generation, ImmutableArray<Finding> Problems, string Reason, bool LastGoodInForce)
{
    public string Message => string.Join("; ", Problems.Select(static p => p.Field.Length > 0 ? $"{p.Field}: {p.Message}" : p.Message));
}
