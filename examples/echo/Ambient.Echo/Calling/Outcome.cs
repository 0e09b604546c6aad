using System.Buffers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Ambient.Echo.Calling;

/// <summary>What a call came to; printed as one JSON line.</summary>
internal sealed record Outcome(bool Ok, int Status, string Body, string? Error)
{
    /// <summary>Of a failure: resolve, connect or answer.</summary>
    public string? Phase { get; init; }

    /// <summary>A failure by its words, or by an exception: socket errors by their .NET name (ConnectionRefused, ConnectionReset, …).</summary>
    public static Outcome Failed(object reason) => new(false, 0, "", reason is Exception e ? Describe(e) : reason.ToString());

    public string ToJson(int number, TimeSpan elapsed)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("call", number);
            json.WriteBoolean("ok", Ok);
            json.WriteNumber("ms", Math.Round(elapsed.TotalMilliseconds, 3));
            if (Status != 0)
            {
                json.WriteNumber("status", Status);
            }

            if (Error is not null)
            {
                json.WriteString("error", Error);
            }

            if (Phase is not null)
            {
                json.WriteString("phase", Phase);
            }

            WriteBody(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private void WriteBody(Utf8JsonWriter json)
    {
        if (Body.StartsWith('{'))
        {
            try
            {
                using var parsed = JsonDocument.Parse(Body);
                json.WritePropertyName("body");
                parsed.RootElement.WriteTo(json);
                return;
            }
            catch (JsonException)
            {
                // Text after all.
            }
        }

        json.WriteString("body", Body);
    }

    private static string Describe(Exception e)
    {
        for (var at = e; at is not null; at = at.InnerException)
        {
            if (at is SocketException socket)
            {
                return socket.SocketErrorCode.ToString();
            }
        }

        return e.Message;
    }
}
