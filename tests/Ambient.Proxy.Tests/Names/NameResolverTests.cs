using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ambient.Proxy.Names;

namespace Ambient.Proxy.Tests.Names;

public sealed class NameResolverTests
{
    private readonly Clock _clock = new();
    private readonly Dictionary<AddressFamily, int> _asked = [];
    private Func<byte[], AddressFamily, bool, byte[]?> _answer = (question, family, _) => Reply(question, 30, family == AddressFamily.InterNetwork ? ["192.0.2.1"] : []);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private NameResolver Resolver() => new(
        (question, family, tcp) =>
        {
            lock (_asked)
            {
                _asked[family] = _asked.GetValueOrDefault(family) + 1;
            }

            return Task.FromResult(_answer(question, family, tcp));
        },
        _clock);

    [Fact]
    public async Task Name_AskedAgainWithinItsLife_IsNotAskedFor()
    {
        NameResolver resolver = Resolver();

        Assert.Equal([IPAddress.Parse("192.0.2.1")], await resolver.ResolveAsync("api.example", Ct));
        _clock.Advance(TimeSpan.FromSeconds(29));
        await resolver.ResolveAsync("API.example", Ct);
        Assert.Equal(1, _asked[AddressFamily.InterNetwork]);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await resolver.ResolveAsync("api.example", Ct);
        Assert.Equal(2, _asked[AddressFamily.InterNetwork]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(86400, 300)]
    public async Task Life_IsKeptWithinBounds(int said, int kept)
    {
        _answer = (question, family, _) => Reply(question, said, family == AddressFamily.InterNetwork ? ["192.0.2.1"] : []);
        NameResolver resolver = Resolver();
        await resolver.ResolveAsync("api.example", Ct);

        _clock.Advance(TimeSpan.FromSeconds(kept) - TimeSpan.FromMilliseconds(10));
        await resolver.ResolveAsync("api.example", Ct);
        Assert.Equal(1, _asked[AddressFamily.InterNetwork]);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await resolver.ResolveAsync("api.example", Ct);
        Assert.Equal(2, _asked[AddressFamily.InterNetwork]);
    }

    [Fact]
    public async Task Nobody_Answering_TheLastAnswerStandsForAWhile()
    {
        NameResolver resolver = Resolver();
        await resolver.ResolveAsync("api.example", Ct);
        _answer = (_, _, _) => null;

        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Single(await resolver.ResolveAsync("api.example", Ct));
        _clock.Advance(TimeSpan.FromMinutes(11));
        await Assert.ThrowsAsync<SocketException>(async () => await resolver.ResolveAsync("api.example", Ct));
    }

    [Fact]
    public async Task Name_ThatLeadsToThisMachine_HasNoAddress()
    {
        _answer = (question, family, _) => Reply(question, 30, family == AddressFamily.InterNetwork ? ["127.0.0.1", "0.0.0.0"] : ["::1", "::ffff:127.0.0.1"]);

        await Assert.ThrowsAsync<SocketException>(async () => await Resolver().ResolveAsync("inside.example", Ct));
    }

    [Fact]
    public async Task Many_AskingAtOnce_AskOnce()
    {
        NameResolver resolver = Resolver();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => resolver.ResolveAsync("api.example", Ct).AsTask()));

        Assert.Equal(1, _asked[AddressFamily.InterNetwork]);
    }

    [Fact]
    public async Task Names_WithoutEnd_DoNotFillMemory()
    {
        NameResolver resolver = Resolver();
        for (int i = 0; i < 3000; i++)
        {
            await resolver.ResolveAsync($"h{i}.example", Ct);
        }

        // Those that found no room are answered all the same, and are asked for each time.
        int before = _asked[AddressFamily.InterNetwork];
        await resolver.ResolveAsync("h0.example", Ct);
        await resolver.ResolveAsync("h2999.example", Ct);
        Assert.Equal(before + 1, _asked[AddressFamily.InterNetwork]);
    }

    [Fact]
    public async Task Truncated_Answer_IsAskedForOverTcp()
    {
        _answer = (question, family, tcp) =>
        {
            byte[] reply = Reply(question, 30, tcp && family == AddressFamily.InterNetwork ? ["192.0.2.1", "192.0.2.2"] : []);
            reply[2] |= (byte)(tcp ? 0 : 2);
            return reply;
        };

        Assert.Equal(2, (await Resolver().ResolveAsync("api.example", Ct)).Length);
    }

    [Fact]
    public async Task Pick_WithAFamily_TakesIt()
    {
        _answer = (question, family, _) => Reply(question, 30, family == AddressFamily.InterNetwork ? ["192.0.2.1"] : ["2001:db8::1"]);
        NameResolver resolver = Resolver();

        Assert.Equal("[2001:db8::1]:443", (await resolver.PickAsync("api.example", 443, AddressFamily.InterNetworkV6, Ct)).ToString());
        Assert.Equal("192.0.2.1:443", (await resolver.PickAsync("api.example", 443, null, Ct)).ToString());
    }

    [Theory]
    [InlineData("*.example")]
    [InlineData("a..b")]
    [InlineData("")]
    public async Task Name_ThatIsNone_HasNoAddress(string name) =>
        await Assert.ThrowsAsync<SocketException>(async () => await Resolver().ResolveAsync(name, Ct));

    [Fact]
    public void Answer_Damaged_IsReadOrRefusedNeverWorse()
    {
        byte[] question = NameMessage.Question("api.example", AddressFamily.InterNetwork);
        var random = new Random(7);
        for (int i = 0; i < 5000; i++)
        {
            byte[] reply = Reply(question, 30, ["192.0.2.1", "192.0.2.2"]);
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                reply[random.Next(reply.Length)] = (byte)random.Next(256);
            }

            try
            {
                NameMessage.Answer(question, reply.AsSpan(0, random.Next(reply.Length + 1)));
            }
            catch (FormatException)
            {
                // refused
            }
        }
    }

    private static byte[] Reply(byte[] question, int ttl, string[] addresses)
    {
        var reply = new List<byte>(question);
        (reply[2], reply[3], reply[7]) = (0x81, 0x80, (byte)addresses.Length);
        foreach (string text in addresses)
        {
            byte[] address = IPAddress.Parse(text).GetAddressBytes();
            byte[] head = [0xc0, 12, 0, (byte)(address.Length == 4 ? 1 : 28), 0, 1, 0, 0, 0, 0, 0, (byte)address.Length];
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(6), ttl);
            reply.AddRange(head);
            reply.AddRange(address);
        }

        return [.. reply];
    }

    private sealed class Clock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
