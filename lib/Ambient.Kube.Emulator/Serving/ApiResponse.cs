using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>Writes JSON answers.</summary>
internal static class ApiResponse
{
    public const string Json = "application/json";

    public static Task WriteAsync(HttpContext http, int code, JsonNode body, string contentType = Json) =>
        WriteAsync(http, code, JsonText.Bytes(body), contentType);

    public static async Task WriteAsync(HttpContext http, int code, ReadOnlyMemory<byte> body, string contentType = Json)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-cache, private";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    public static async Task ErrorAsync(HttpContext http, ApiException error)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        if (error.Code == 429)
        {
            http.Response.Headers.RetryAfter = "1";
        }

        await WriteAsync(http, error.Code, error.ToStatus());
    }
}
