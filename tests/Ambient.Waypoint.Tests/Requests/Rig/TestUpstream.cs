using System.Collections.Immutable;
using System.Net;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Tests.Requests.Rig;

/// <summary>A server that plays an endpoint.</summary>
internal sealed class TestUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private TestUpstream(string name, WebApplication app)
    {
        Name = name;
        _app = app;
    }

    internal string Name { get; }

    internal IPEndPoint Address { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Requests that came.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    internal static async Task<TestUpstream> StartAsync(string name, RequestDelegate handle, HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.AllowAlternateSchemes = true;
            kestrel.Listen(IPAddress.Loopback, 0, l => l.Protocols = protocols);
        });
        WebApplication app = builder.Build();
        TestUpstream made = new(name, app);
        app.UseWebSockets();
        app.Run(http =>
        {
            Interlocked.Increment(ref made._requests);
            return handle(http);
        });
        await app.StartAsync();
        made.Address = new IPEndPoint(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
        return made;
    }

    internal Workload Workload(MeshService service, params string[] labels) => new()
    {
        Uid = $"Kubernetes//Pod/{service.Namespace}/{Name}",
        Name = Name,
        Namespace = service.Namespace,
        Addresses = [Address.Address],
        Labels = labels.Select(l => l.Split('=')).ToImmutableSortedDictionary(p => p[0], p => p[1], StringComparer.Ordinal),
        Services = ImmutableDictionary<string, ImmutableArray<ServicePort>>.Empty.Add(service.Key, [.. service.Ports.Select(p => new ServicePort(p.Port, Address.Port))]),
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
