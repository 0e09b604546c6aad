using System.Net;
using System.Net.Sockets;

namespace Ambient.Kube.Emulator.Tests.Serving;

public sealed class ListeningTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_GivenSocketAndEndpoint_ServesOnBoth()
    {
        var given = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        given.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)given.LocalEndPoint!).Port;
        await using EmulatedApiServer server = await EmulatedApiServer.StartAsync(
            new EmulatorOptions { ListenSockets = [given], Endpoints = [new IPEndPoint(IPAddress.IPv6Loopback, 0)] }, Ct);
        Assert.Equal(port, server.Endpoints[0].Port);
        Assert.Equal(2, server.Endpoints.Count);
        using HttpClient client = ServerFixture.ClientOf(server);
        foreach (IPEndPoint endpoint in server.Endpoints)
        {
            Assert.Equal("ok", await client.GetStringAsync(new Uri($"https://{endpoint}/readyz"), Ct));
        }
    }

    [Fact]
    public async Task Start_CrdDirectory_IsServed()
    {
        string folder = Directory.CreateTempSubdirectory("emulator-crds").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "a.yaml"), Kubectl.Manifests.Crd("cogs", "Cog") + "\n---\n" + Kubectl.Manifests.Crd("cams", "Cam"), Ct);
        await using EmulatedApiServer server = await EmulatedApiServer.StartAsync(new EmulatorOptions { CrdDirectories = [folder] }, Ct);
        using HttpClient client = ServerFixture.ClientOf(server, "a", "system:masters");
        foreach (string plural in (string[])["cogs", "cams"])
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"/apis/tests.example.com/v1/{plural}", UriKind.Relative), Ct)).StatusCode);
        }

        Directory.Delete(folder, recursive: true);
    }
}
