using System.Diagnostics;
using System.Globalization;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Http2.Hpack;
using Ambient.Hbone.Tests.Peers;
using Ambient.Hbone.Pool;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Hbone.Tests.Fuzzing;

/// <summary>
/// Seeded, structure-aware fuzzing of whole connections and of the header decoder, for AMBIENT_FUZZ_SECONDS seconds in all (60; 2 when AMBIENT_TEST_FAST is 1;
/// 0 or less: until stopped). A failure names its seed; AMBIENT_FUZZ_SEED repeats it.
/// </summary>
public class FrameFuzzTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static double Seconds => Environment.GetEnvironmentVariable("AMBIENT_FUZZ_SECONDS") is { Length: > 0 } text
        ? double.Parse(text, CultureInfo.InvariantCulture)
        : Environment.GetEnvironmentVariable("AMBIENT_TEST_FAST") == "1" ? 2 : 60;

    [Fact]
    public async Task AnyBytes_EndInOrder_OnBothSides()
    {
        if (Environment.GetEnvironmentVariable("AMBIENT_FUZZ_SEED") is { Length: > 0 } repeat)
        {
            await RunSeedAsync(int.Parse(repeat, CultureInfo.InvariantCulture));
            return;
        }

        double seconds = Seconds;
        int seed = Random.Shared.Next();
        Stopwatch watch = Stopwatch.StartNew();
        Stopwatch sinceNews = Stopwatch.StartNew();
        long rounds = 0;
        while (!Ct.IsCancellationRequested && (seconds <= 0 || watch.Elapsed.TotalSeconds < seconds))
        {
            await RunSeedAsync(seed++);
            rounds++;
            if (sinceNews.Elapsed > TimeSpan.FromSeconds(30))
            {
                Console.WriteLine($"fuzzing: {rounds} conversations in {watch.Elapsed:hh\\:mm\\:ss}, next seed {seed}");
                sinceNews.Restart();
            }
        }

        Assert.True(rounds > 10, $"only {rounds} rounds ran");
    }

    private static async Task RunSeedAsync(int seed)
    {
        try
        {
            Decode(new Random(seed));
            await AttackServerAsync(new Random(seed));
            await AttackClientAsync(new Random(seed));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed} (repeat it with AMBIENT_FUZZ_SEED={seed}): {e.Message}", e);
        }
    }

    // One decoder takes several blocks, so that the dynamic table gets its share.
    private static void Decode(Random random)
    {
        FrameGenerator generator = new(random);
        HpackDecoder decoder = new();
        HeaderList list = new(16 * 1024, 100);
        try
        {
            for (int i = 0; i < 20; i++)
            {
                list.Clear();
                decoder.Decode(generator.Block(), list);
                Assert.True(decoder.TableSize <= HpackDecoder.DefaultTableSize);
                _ = RequestHeaders.Read(list, out _);
                _ = ReplyHeaders.Read(list);
            }
        }
        catch (Http2ConnectionException)
        {
            // The only way that it may fail.
        }
    }

    private static async Task AttackServerAsync(Random random)
    {
        (PipeConnection server, PipeConnection peer) = PipeConnection.Pair();
        Task serving = HboneServer.ServeAsync(server, HandlerOf.Echo, new HboneServerOptions(), default, default);
        await WriteInPiecesAsync(peer, new FrameGenerator(random).Conversation(client: true), random);
        await peer.Output.CompleteAsync();
        await serving.WaitAsync(Patience);
        await AssertWellFormedAsync(peer);
    }

    private static async Task AttackClientAsync(Random random)
    {
        (PipeConnection client, PipeConnection peer) = PipeConnection.Pair();
        ClientConnection connection = new(client, HboneLimits.Client, TimeProvider.System, NullLogger.Instance);
        connection.Start();
        List<Task> opening = [];
        for (int i = 0; i < 5 && connection.TryReserve(100); i++)
        {
            opening.Add(OpenAsync(connection));
        }

        await WriteInPiecesAsync(peer, new FrameGenerator(random).Conversation(client: false), random);
        await peer.Output.CompleteAsync();
        await connection.Ended.WaitAsync(Patience);
        await Task.WhenAll(opening).WaitAsync(Patience);
        Assert.Equal(0, connection.Reserved);
    }

    private static async Task OpenAsync(ClientConnection connection)
    {
        try
        {
            await using HboneStream stream = await connection.OpenAsync(TunnelWorld.To("10.0.0.1:80"), default);
            await Pipes.ReadAllAsync(stream.Input, default);
        }
        catch (Exception e) when (e is HboneConnectException or HboneStreamResetException)
        {
        }
    }

    private static async Task WriteInPiecesAsync(PipeConnection peer, byte[] bytes, Random random)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int n = Math.Min(bytes.Length - at, random.Next(1, 4000));
            if ((await peer.Output.WriteAsync(bytes.AsMemory(at, n))).IsCompleted)
            {
                return;
            }

            at += n;
        }
    }

    // Whatever came in, what we send is HTTP/2: frames that can be cut, of known types, ended by GOAWAY.
    private static async Task AssertWellFormedAsync(PipeConnection peer)
    {
        FramePeer reader = new(peer);
        FrameHeader last = default;
        while (await reader.NextAsync(default) is { } frame)
        {
            Assert.True(frame.Header.Type <= FrameType.Continuation);
            last = frame.Header;
        }

        Assert.Equal(FrameType.GoAway, last.Type);
    }
}
