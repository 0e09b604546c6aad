using System.Collections.Immutable;
using Ambient.Core.Mesh;

namespace Ambient.Core.Telemetry;

/// <summary>What the Mesh resource says about access logs and traces, under everything that Telemetry resources say. There is one.</summary>
public sealed record MeshTelemetry : ProxyResource
{
    /// <summary>Where no Mesh resource is.</summary>
    public static MeshTelemetry Default { get; } = new();

    public const string TheKey = "default";

    public override string Type => nameof(MeshTelemetry);

    public override string Key => TheKey;

    public bool AccessLog { get; init; } = true;

    /// <summary>Lines are JSON objects.</summary>
    public bool AccessLogJson { get; init; }

    /// <summary>Receivers; the one named <see cref="TracingProvider.DefaultName"/> takes the spans where no Telemetry resource names another.</summary>
    public ImmutableArray<TracingProvider> Providers { get; init; } = [];

    /// <summary>0 to 100, where no Telemetry resource says otherwise.</summary>
    public double SamplingPercentage { get; init; }

    /// <summary>The receiver of this name; null when none is declared.</summary>
    public TracingProvider? ProviderOf(string name)
    {
        foreach (TracingProvider provider in Providers)
        {
            if (provider.Name == name)
            {
                return provider;
            }
        }

        return null;
    }
}
