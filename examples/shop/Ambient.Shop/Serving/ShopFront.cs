using System.Text.Json.Nodes;
using Ambient.Shop.Calling;
using Ambient.Shop.Roles;
using Microsoft.AspNetCore.Http;

namespace Ambient.Shop.Serving;

/// <summary>What a request meets, in order: 1. readiness, 2. the behaviour that the service was told, 3. the role, 4. the answer, in HTTP's or gRPC's way.</summary>
internal sealed class ShopFront(ShopIdentity identity, IShopRole role, BehaviourControl control)
{
    private const int MaxBody = 1024 * 1024;

    public async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path == "/healthz")
        {
            await context.Response.WriteAsync("ok\n", context.RequestAborted).ConfigureAwait(false);
            return;
        }

        bool grpc = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        string text = grpc
            ? await GrpcMessage.ReadAsync(context.Request.Body, MaxBody, context.RequestAborted).ConfigureAwait(false) ?? ""
            : await ReadAsync(context).ConfigureAwait(false);
        RoleAnswer answer = await control.MeetAsync(context.RequestAborted).ConfigureAwait(false) is { } failure
            ? new RoleAnswer(failure, [])
            : await role.AnswerAsync(new RoleRequest(context.Request.Method, context.Request.Path, text, TraceHeaders.Of(context.Request.Headers)), context.RequestAborted).ConfigureAwait(false);
        JsonObject body = new()
        {
            ["service"] = identity.Role,
            ["version"] = identity.Version,
            ["pod"] = identity.Pod,
            ["method"] = context.Request.Method,
            ["path"] = context.Request.Path.Value,
            ["host"] = context.Request.Host.Value,
            ["trace"] = context.Request.Headers["traceparent"].ToString(),
        };
        foreach (var (name, value) in answer.Fields)
        {
            body[name] = value?.DeepClone();
        }

        context.Response.Headers["x-shop-version"] = identity.Version;
        context.Response.Headers["x-shop-pod"] = identity.Pod;
        await (grpc ? WriteGrpcAsync(context, answer.Status, body) : WriteAsync(context, answer.Status, body)).ConfigureAwait(false);
    }

    private static async Task<string> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var buffer = new char[MaxBody];
        int length = await reader.ReadBlockAsync(buffer.AsMemory(0, context.Request.ContentLength is { } known and >= 0 and < MaxBody ? (int)known : MaxBody), context.RequestAborted).ConfigureAwait(false);
        return new string(buffer, 0, length);
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        string text = body.ToJsonString() + "\n";
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(text);
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static async Task WriteGrpcAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.ContentType = "application/grpc";
        if (status < 400)
        {
            await context.Response.Body.WriteAsync(GrpcMessage.Frame(body.ToJsonString()), context.RequestAborted).ConfigureAwait(false);
        }

        // 14 is UNAVAILABLE (gRPC's status codes).
        context.Response.AppendTrailer("grpc-status", status < 400 ? "0" : "14");
        if (status >= 400)
        {
            context.Response.AppendTrailer("grpc-message", $"failed as it was told to, {status}");
        }
    }
}
