using System.Net;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Telemetry;
using Ambient.Resources.AmbientApi;

namespace Ambient.Compile.Telemetry;

/// <summary>The parts of a Mesh resource about access logs and traces.</summary>
internal static class MeshTelemetryReader
{
    public static MeshTelemetry Read(MeshSpec spec, MeshSettings settings) => new()
    {
        AccessLog = settings.AccessLog,
        AccessLogJson = spec.AccessLog?.Format == "JSON",
        SamplingPercentage = spec.Tracing?.SamplingPercentage ?? 0,
        Providers =
        [
            .. spec.Tracing?.Address is { } address ? [new TracingProvider(TracingProvider.DefaultName, address, Protocol(spec.Tracing.Protocol))] : Array.Empty<TracingProvider>(),
            .. (spec.Tracing?.Providers ?? []).Select(static p => new TracingProvider(p.Name!, p.Address!, Protocol(p.Protocol))),
        ],
    };

    public static IEnumerable<Finding> Check(MeshSpec spec, SourceMeta meta)
    {
        if (spec.Tracing?.Address is { } address && !IsAddress(address))
        {
            yield return Wrong(meta, "spec.tracing.address", address);
        }

        HashSet<string> names = spec.Tracing?.Address is null ? [] : [TracingProvider.DefaultName];
        for (int i = 0; i < (spec.Tracing?.Providers?.Count ?? 0); i++)
        {
            var provider = spec.Tracing!.Providers![i];
            if (!IsAddress(provider.Address ?? ""))
            {
                yield return Wrong(meta, $"spec.tracing.providers[{i}].address", provider.Address ?? "");
            }

            if (!names.Add(provider.Name ?? ""))
            {
                yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"spec.tracing.providers[{i}].name",
                    $"'{provider.Name}' is declared twice; spec.tracing.address declares '{TracingProvider.DefaultName}'");
            }
        }
    }

    private static TracingProtocol Protocol(string? written) => written == "HTTP" ? TracingProtocol.Http : TracingProtocol.Grpc;

    private static bool IsAddress(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out int port) && port is > 0 and <= IPEndPoint.MaxPort
            && Uri.CheckHostName(text[..colon]) != UriHostNameType.Unknown;
    }

    private static Finding Wrong(SourceMeta meta, string field, string value) =>
        SecurityChecks.Error(meta, FindingCodes.InvalidField, field, $"'{value}' is not HOST:PORT");
}
