using System.Net;
using System.Net.Security;
using Ambient.Kube.Resources;
using Ambient.Lab.Containers;
using Ambient.Lab.Objects;

namespace Ambient.Lab.Probing;

/// <summary>Asks containers as a kubelet does: http and tcp from the node's network namespace, exec in the container.</summary>
internal sealed class Prober : IDisposable
{
    private readonly NodeDialer dialer;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    public Prober(NodeDialer dialer, TimeProvider time)
    {
        this.dialer = dialer;
        this.time = time;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = async (context, ct) => new System.Net.Sockets.NetworkStream(
                await dialer.ConnectAsync(new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host.Trim('[', ']')), context.DnsEndPoint.Port), ct).ConfigureAwait(false), ownsSocket: true),
#pragma warning disable CA5359 // As a kubelet does: a probe asks for life, not for identity.
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    public ProbeSet For(LabContainer container, IPAddress address, ExecRunner exec) =>
        new(Loop(container.StartupProbe, container, address, exec), Loop(container.ReadinessProbe, container, address, exec), Loop(container.LivenessProbe, container, address, exec));

    public void Dispose() => http.Dispose();

    private ProbeLoop? Loop(LabProbe? spec, LabContainer container, IPAddress address, ExecRunner exec) => spec switch
    {
        null => null,
        { HttpGet: { } get } => new ProbeLoop(spec, ct => HttpAsync(get, container, address, ct), time),
        { TcpSocket: { } tcp } => new ProbeLoop(spec, ct => TcpAsync(tcp, container, address, ct), time),
        { Exec.Command: { Count: > 0 } command } => new ProbeLoop(spec, async ct => (await exec.RunAsync(command, ct).ConfigureAwait(false)).ExitCode == 0, time),
        _ => null,
    };

    private async Task<bool> HttpAsync(LabProbe.LabHttpGet get, LabContainer container, IPAddress address, CancellationToken ct)
    {
        var host = string.IsNullOrEmpty(get.Host) ? address : IPAddress.Parse(get.Host);
        var port = Port(get.Port, container);
        var path = get.Path is { Length: > 0 } given ? given.StartsWith('/') ? given : "/" + given : "/";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{(get.Scheme ?? "HTTP").ToLowerInvariant()}://{new IPEndPoint(host, port)}{path}");
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.32");
        request.Headers.ConnectionClose = true;
        foreach (var header in get.HttpHeaders)
        {
            request.Headers.Remove(header.Name);
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        return (int)response.StatusCode is >= 200 and < 400;
    }

    private async Task<bool> TcpAsync(TcpSocketAction tcp, LabContainer container, IPAddress address, CancellationToken ct)
    {
        var host = string.IsNullOrEmpty(tcp.Host) ? address : IPAddress.Parse(tcp.Host);
        using var socket = await dialer.ConnectAsync(new IPEndPoint(host, Port(tcp.Port, container)), ct).ConfigureAwait(false);
        return true;
    }

    private static int Port(IntOrString port, LabContainer container) =>
        port.Number ?? container.Ports.FirstOrDefault(p => p.Name == port.Text)?.Port ?? throw new InvalidOperationException($"no port named {port.Text}");
}
