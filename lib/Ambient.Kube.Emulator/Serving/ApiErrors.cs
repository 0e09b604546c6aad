using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>The failures that callers tell apart by reason and code (apimachinery's status reasons).</summary>
internal static class ApiErrors
{
    public static ApiException PageNotFound() => new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static ApiException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.GroupResource} \"{name}\" not found", Details(type, name));

    public static ApiException AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.GroupResource} \"{name}\" already exists", Details(type, name));

    public static ApiException Conflict(ResourceType type, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.GroupResource} \"{name}\": {why}", Details(type, name));

    public static ApiException StaleVersion(ResourceType type, string name) =>
        Conflict(type, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new JsonObject());

    public static ApiException UnsupportedMedia(string given, params IEnumerable<string> accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)} (got {given})");

    public static ApiException NotAcceptable() =>
        new(406, "NotAcceptable", "only the following media types are accepted: application/json");

    public static ApiException TooLarge() =>
        new(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728");

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiException Forbidden(ResourceType type, string name, string why) =>
        new(403, "Forbidden", $"{type.GroupResource} \"{name}\" is forbidden: {why}", Details(type, name));

    public static ApiException Expired(long asked, long oldest) =>
        new(410, "Expired", $"too old resource version: {asked} ({oldest})");

    public static ApiException TooManyRequests(string message) =>
        new(429, "TooManyRequests", message, new JsonObject { ["retryAfterSeconds"] = 1 });

    public static ApiException Unavailable(string message) => new(503, "ServiceUnavailable", message);

    /// <summary>422 with a cause for each field (metav1.StatusReasonInvalid).</summary>
    public static ApiException Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors)
    {
        string text = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        JsonObject details = Details(type, name, kind: true);
        details["causes"] = new JsonArray([.. errors.Select(e => e.ToCause())]);
        return new ApiException(422, "Invalid", $"{type.GroupKind} \"{name}\" is invalid: {text}", details);
    }

    private static JsonObject Details(ResourceType type, string name, bool kind = false)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }

        details["kind"] = kind ? type.Kind : type.Plural;
        return details;
    }
}
