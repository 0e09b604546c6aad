using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Authentication;
using Ambient.Kube.Emulator.Types;
using Microsoft.AspNetCore.Http;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>One authenticated request for a resource.</summary>
internal sealed class ApiRequest
{
    /// <summary>Bodies beyond this get 413, as the real server's do.</summary>
    public const int MaxBody = 3 * 1024 * 1024;

    /// <summary>Of a body that is too large, so much is read before the answer.</summary>
    public const int MaxRead = 4 * MaxBody;

    public required HttpContext Http { get; init; }

    public required AuthenticatedUser User { get; init; }

    public required ResourceType Type { get; init; }

    public required ResourceCatalog Catalog { get; init; }

    public required RequestPath Path { get; init; }

    public string Namespace => Path.Namespace;

    public string Name => Path.Name;

    public CancellationToken Aborted => Http.RequestAborted;

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var v) && v.Count > 0 ? v[0] : null;

    public bool QueryFlag(string name) => Query(name) is "true" or "1";

    public long? QueryNumber(string name) =>
        Query(name) is { Length: > 0 } text
            ? long.TryParse(text, CultureInfo.InvariantCulture, out long n) ? n : throw ApiErrors.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax")
            : null;

    public bool IsDryRun => Query("dryRun") switch
    {
        null or "" => false,
        "All" => true,
        var other => throw ApiErrors.BadRequest($"invalid dryRun value \"{other}\": supported values are: All"),
    };

    /// <summary>Strict, Warn (the default) or Ignore.</summary>
    public string FieldValidation => Query("fieldValidation") is { Length: > 0 } v ? v : "Warn";

    /// <summary>fieldManager of the query, else the first word of the user agent, as the real server takes it.</summary>
    public string FieldManager
    {
        get
        {
            if (Query("fieldManager") is { Length: > 0 } given)
            {
                return given.Length <= 128 ? given : throw ApiErrors.BadRequest("fieldManager: Too long: may not be more than 128 bytes");
            }

            string agent = Http.Request.Headers.UserAgent.ToString();
            int slash = agent.IndexOf('/');
            string word = slash < 0 ? agent : agent[..slash];
            return word.Length is > 0 and <= 128 ? word : "unknown";
        }
    }

    public void Warn(string text) =>
        Http.Response.Headers.Append("Warning", $"299 - \"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");

    public async Task<byte[]> ReadBytesAsync()
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16384];
        long total = 0;
        int n;
        while ((n = await Http.Request.Body.ReadAsync(chunk, Aborted)) > 0)
        {
            // What is too much is read on a while and thrown away: a caller that still writes would see a reset instead of the answer.
            total += n;
            if (total <= MaxBody)
            {
                buffer.Write(chunk, 0, n);
            }
            else if (total > MaxRead)
            {
                break;
            }
        }

        return total <= MaxBody ? buffer.ToArray() : throw ApiErrors.TooLarge();
    }

    /// <summary>The body as an object, JSON or YAML by its content type; an empty body is null.</summary>
    public async Task<JsonObject?> ReadObjectAsync()
    {
        byte[] body = await ReadBytesAsync();
        if (body.Length == 0)
        {
            return null;
        }

        string media = MediaType;
        if (media == ProtobufBody.MediaType)
        {
            return ProtobufBody.Decode(body, Catalog);
        }

        if (media is not ("" or "application/json" or "application/yaml" or "application/apply-patch+yaml"))
        {
            throw ApiErrors.UnsupportedMedia(media, "application/json", "application/yaml");
        }

        return ParseNode(body) as JsonObject ?? throw ApiErrors.BadRequest("the object provided is unrecognized (must be of type object)");
    }

    public static JsonNode? ParseNode(byte[] body)
    {
        try
        {
            int i = Array.FindIndex(body, b => !char.IsWhiteSpace((char)b));
            return i >= 0 && body[i] is (byte)'{' or (byte)'[' ? JsonText.Parse(body) : YamlText.Parse(Encoding.UTF8.GetString(body));
        }
        catch (JsonException e)
        {
            throw ApiErrors.BadRequest($"error decoding body: {e.Message}");
        }
        catch (Exception e) when (e is YamlDotNet.Core.YamlException or FormatException)
        {
            throw ApiErrors.BadRequest($"error decoding YAML: {e.Message}");
        }
    }

    public string MediaType => (Http.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
}
