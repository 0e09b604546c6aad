using System.Collections.Immutable;
using Ambient.Compile.Reports;

namespace Ambient.Compile.Sources;

/// <summary>An object that becomes nothing in this version, and what there is to say about it.</summary>
internal sealed record LaterSource(SourceMeta Meta, ImmutableArray<Finding> Findings);
