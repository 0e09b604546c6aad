using System.Diagnostics;
using Ambient.Benchmarks.Contenders;
using Ambient.Benchmarks.Hosts;
using Ambient.Benchmarks.Measuring;

namespace Ambient.Benchmarks.L7;

/// <summary>
/// The waypoint between two ztunnels: the same programs and settings as on a cluster, resources from a file instead of an operator. Only
/// the waypoint's CPU and memory count.
/// </summary>
internal sealed class WaypointWay : IHttpContender
{
    private readonly string _workFolder;
    private readonly string _program;
    private readonly ZtunnelPair _pair;
    private readonly WaypointVariant? _variant;
    private Process? _proxy;

    /// <param name="variant">Another build or other settings of the waypoint, for comparing while tuning; null: as built here.</param>
    public WaypointWay(string name, string workFolder, string binaries, int routes, int policies, WaypointVariant? variant = null)
    {
        Name = name;
        _workFolder = workFolder;
        _variant = variant;
        _program = Path.Combine(variant?.Folder ?? Path.Combine(binaries, "Ambient.Waypoint", "release"), "Ambient.Waypoint");
        _pair = new ZtunnelPair(
            workFolder, Path.Combine(binaries, "Ambient.Ztunnel", "release", "Ambient.Ztunnel"), additions: WaypointResources.Of(routes, policies));
    }

    public string Name { get; }

    public string ClientHost => _pair.ClientHost;

    public string Target => $"{WaypointResources.ServiceAddress}:80";

    public string? Http2Target => $"{WaypointResources.ServiceAddress}:81";

    public string? GrpcTarget => $"{WaypointResources.ServiceAddress}:82";

    public IReadOnlyList<int> ProxyPids => _proxy is null ? [] : [_proxy.Id];

    public IReadOnlyList<int> PathPids => [.. _pair.ProxyPids, .. ProxyPids];

    public long ResidentKb => ProcessUsage.ResidentKb(ProxyPids);

    public async Task StartAsync(CancellationToken ct)
    {
        await _pair.StartEmptyAsync(ct);
        StartProxy();
        await _pair.CaptureAsync(ct);
        await Ready.WaitAsync(ClientHost, Target, ct);
    }

    /// <summary>The waypoint alone, with the mesh that it would serve.</summary>
    public async Task StartIdleAsync(CancellationToken ct)
    {
        await _pair.StartEmptyAsync(ct);
        StartProxy();
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            Command.End(_proxy);
            _proxy = null;
        }

        await _pair.DisposeAsync();
    }

    private void StartProxy()
    {
        string state = Path.Combine(_workFolder, "waypoint-state");
        if (Directory.Exists(state))
        {
            Directory.Delete(state, recursive: true);
        }

        _proxy = Command.StartBackground(_program, [], "mesh-w", Path.Combine(_workFolder, "waypoint.log"), new Dictionary<string, string>(_variant?.Environment ?? [])
        {
            ["AMBIENT_GATEWAY"] = WaypointResources.GatewayName,
            ["POD_NAMESPACE"] = WaypointResources.Namespace,
            ["POD_NAME"] = WaypointResources.PodName,
            ["AMBIENT_STATE_DIR"] = state,
            ["AMBIENT_LOCAL_CONFIG"] = _pair.MeshFile,
            ["AMBIENT_LOCAL_CA"] = Path.Combine(_workFolder, "certs"),
            ["AMBIENT_LOG_LEVEL"] = "warning",
        });
    }
}
