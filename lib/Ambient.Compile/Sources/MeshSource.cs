using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Core;
using Ambient.Core.Policies.Providers;
using Ambient.Core.Routes;
using Ambient.Core.Telemetry;

namespace Ambient.Compile.Sources;

/// <summary>A Mesh resource; settings are null when there never was a good version.</summary>
internal sealed record MeshSource(SourceMeta Meta, MeshSettings? Settings, Refusal? Refusal, ImmutableArray<Finding> Notes)
{
    /// <summary>Null when there never was a good version.</summary>
    public MeshTelemetry? Telemetry { get; init; }

    public MeshRequestDefaults Requests { get; init; } = MeshRequestDefaults.None;

    /// <summary>Who CUSTOM policies ask.</summary>
    public ImmutableArray<AuthorizationProvider> Providers { get; init; } = [];
}
