using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;

namespace Ambient.Compile;

/// <summary>What changed since the last <see cref="IncrementalCompiler.Flush"/>.</summary>
public sealed record CompileDelta
{
    public MeshUpdate Update { get; init; } = MeshUpdate.Empty;

    /// <summary>Pod uid to node, for each enrolment of <see cref="Update"/>.</summary>
    public ImmutableDictionary<string, string> EnrolmentNodes { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Reports that are new or differ from the last one about the same object (or its generation).</summary>
    public ImmutableArray<StatusReport> Status { get; init; } = [];

    /// <summary>Objects whose findings changed, with all findings they have now; an empty list means: none any more.</summary>
    public ImmutableDictionary<ObjectKey, ImmutableArray<Finding>> Findings { get; init; } =
        ImmutableDictionary<ObjectKey, ImmutableArray<Finding>>.Empty;

    public bool IsEmpty => Update.IsEmpty && Status.IsEmpty && Findings.IsEmpty;
}
