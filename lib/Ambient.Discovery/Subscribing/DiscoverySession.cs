using System.IO.Pipelines;
using Ambient.Discovery.Grpc;
using Ambient.Discovery.Publishing;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace Ambient.Discovery.Subscribing;

/// <summary>One stream from its first request to its end.</summary>
internal sealed class DiscoverySession(DiscoveryClientOptions options, FollowedState state)
{
    private const int MaxNackText = 8192;

    /// <summary>Runs until the server or the token ends it.</summary>
    /// <exception cref="GrpcException">The server refused or failed.</exception>
    /// <exception cref="HttpRequestException">No connection.</exception>
    public async Task RunAsync(Action<DeltaDiscoveryResponse> onResponse, CancellationToken ct)
    {
        using var channel = new GrpcChannel(options);
        using var requests = new PushContent();
        Task<HttpResponseMessage> answering = channel.SendAsync(DiscoveryEndpoints.DeltaPath, requests, ct);

        // Some servers answer with headers only when they have something to say: ask first, then wait for them.
        if (await Task.WhenAny(requests.Opened, answering) == requests.Opened)
        {
            foreach (string type in options.Types)
            {
                await requests.PushAsync(FirstRequest(type), ct);
            }
        }

        using HttpResponseMessage response = await answering;
        GrpcResponse.RequireAccepted(response);
        PipeReader input = PipeReader.Create(
            await response.Content.ReadAsStreamAsync(ct), new StreamPipeReaderOptions(bufferSize: 64 * 1024, minimumReadSize: 16 * 1024));
        while (await GrpcFrame.ReadAsync(input, DeltaDiscoveryResponse.Parser, options.MaxMessageBytes, ct) is { } message)
        {
            IReadOnlyList<Rejection> rejections = state.Apply(message);
            onResponse(message);
            await requests.PushAsync(Answer(message, rejections), ct);
        }

        GrpcResponse.RequireOk(response.TrailingHeaders);
    }

    private DeltaDiscoveryRequest FirstRequest(string type)
    {
        var request = new DeltaDiscoveryRequest
        {
            TypeUrl = type,
            Node = new Node { Id = options.NodeId, Cluster = options.ClusterId, Metadata = new Struct() },
        };
        foreach ((string key, string value) in options.Metadata)
        {
            request.Node.Metadata.Fields.Add(key, Value.ForString(value));
        }

        foreach ((string name, string version) in state.Retained(type).Versions)
        {
            request.InitialResourceVersions.Add(name, version);
        }

        return request;
    }

    private static DeltaDiscoveryRequest Answer(DeltaDiscoveryResponse response, IReadOnlyList<Rejection> rejections)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce };
        if (rejections.Count > 0)
        {
            string text = string.Join("; ", rejections.Select(rejection => $"{rejection.Name}: {rejection.Reason}"));
            request.ErrorDetail = new Status { Code = (int)GrpcStatus.InvalidArgument, Message = text[..Math.Min(text.Length, MaxNackText)] };
        }

        return request;
    }
}
