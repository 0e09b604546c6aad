using System.Text.Json.Nodes;
using Ambient.Kube.Resources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Kube.Http;

/// <summary>
/// A client of one API server: <c>client.Resource&lt;Pod&gt;().ListAsync("shop")</c>, or by group and kind for objects
/// without a C# type. Safe for use from many threads; owns its connections.
/// </summary>
public sealed class KubeClient : IDisposable
{
    public KubeClient(KubeConfig config, KubeClientOptions? options = null, TimeProvider? time = null, ILogger? logger = null)
    {
        Config = config;
        Time = time ?? TimeProvider.System;
        Options = options ?? new KubeClientOptions();
        Transport = new KubeTransport(config, Options, Time, logger ?? NullLogger.Instance);
        Discovery = new ApiDiscovery(Transport, Time);
    }

    public KubeConfig Config { get; }

    /// <summary>Which kinds are served, and under which version and name.</summary>
    public ApiDiscovery Discovery { get; }

    internal KubeClientOptions Options { get; }

    internal KubeTransport Transport { get; }

    internal TimeProvider Time { get; }

    /// <summary>Objects of a kind that has a C# type.</summary>
    public ResourceClient<T> Resource<T>()
        where T : class, IKubeObject<T> => new(this, T.GroupKind, T.Versions, ObjectCodec.Typed<T>());

    /// <summary>Objects of any kind, in the version that the server prefers.</summary>
    public ResourceClient<JsonObject> Resource(GroupKind kind) => new(this, kind, [], ObjectCodec.Dynamic);

    /// <summary>Objects of any kind in one version.</summary>
    public ResourceClient<JsonObject> Resource(GroupVersionKind type) => new(this, type.GroupKind, [type.Version], ObjectCodec.Dynamic);

    /// <summary>GET of any path, e.g. <c>/version</c> or a pod's log; the stream is the caller's.</summary>
    public async Task<Stream> GetStreamAsync(string pathAndQuery, CancellationToken cancellation = default)
    {
        HttpResponseMessage response = await Transport.SendAsync(KubeRequest.Get(pathAndQuery) with { Accept = "*/*", Streaming = true }, cancellation);
        return await response.Content.ReadAsStreamAsync(cancellation);
    }

    public void Dispose()
    {
        Discovery.Dispose();
        Transport.Dispose();
    }
}
