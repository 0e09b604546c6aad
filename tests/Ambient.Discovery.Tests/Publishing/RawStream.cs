using System.IO.Pipelines;
using Ambient.Discovery.Grpc;
using Ambient.Discovery.Publishing;
using Envoy.Service.Discovery.V3;

namespace Ambient.Discovery.Tests.Publishing;

/// <summary>A client that does only what a test says: it answers nothing by itself.</summary>
internal sealed class RawStream : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly PushContent _requests = new();
    private readonly Task<HttpResponseMessage> _answering;
    private PipeReader? _input;

    public RawStream(GrpcChannelOptions options)
    {
        _channel = new GrpcChannel(options);
        _answering = _channel.SendAsync(DiscoveryEndpoints.DeltaPath, _requests, Ct);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Task SendAsync(DeltaDiscoveryRequest request) => _requests.PushAsync(request, Ct);

    public Task SubscribeAsync(string typeUrl) => SendAsync(new DeltaDiscoveryRequest { TypeUrl = typeUrl, Node = new Node { Id = "raw" } });

    public Task AckAsync(DeltaDiscoveryResponse response) =>
        SendAsync(new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce });

    /// <summary>The next response; throws the call's status when it ends.</summary>
    public async Task<DeltaDiscoveryResponse> NextAsync()
    {
        HttpResponseMessage response = await _answering;
        GrpcResponse.RequireAccepted(response);
        _input ??= PipeReader.Create(await response.Content.ReadAsStreamAsync(Ct));
        if (await GrpcFrame.ReadAsync(_input, DeltaDiscoveryResponse.Parser, 1 << 26, Ct) is { } message)
        {
            return message;
        }

        GrpcResponse.RequireOk(response.TrailingHeaders);
        throw new EndOfStreamException();
    }

    public async Task<DeltaDiscoveryResponse> NextAndAckAsync()
    {
        DeltaDiscoveryResponse response = await NextAsync();
        await AckAsync(response);
        return response;
    }

    public void HalfClose() => _requests.Complete();

    public void Dispose()
    {
        _requests.Dispose();
        _channel.Dispose();
    }
}
