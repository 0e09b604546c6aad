using System.Text.Json.Nodes;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>What is wrong with one field; <see cref="Reason"/> is a metav1.CauseType.</summary>
internal sealed record FieldError(string Field, string Reason, string Message)
{
    public static FieldError Required(string field, string detail = "") =>
        new(field, "FieldValueRequired", detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public static FieldError Invalid(string field, JsonNode? value, string detail) =>
        new(field, "FieldValueInvalid", $"Invalid value: {Show(value)}: {detail}");

    public static FieldError NotSupported(string field, JsonNode? value, IEnumerable<string> supported) =>
        new(field, "FieldValueNotSupported", $"Unsupported value: {Show(value)}: supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");

    public static FieldError Duplicate(string field, JsonNode? value) =>
        new(field, "FieldValueDuplicate", $"Duplicate value: {Show(value)}");

    public static FieldError Forbidden(string field, string detail) =>
        new(field, "FieldValueForbidden", $"Forbidden: {detail}");

    public static FieldError NotFound(string field, JsonNode? value) =>
        new(field, "FieldValueNotFound", $"Not found: {Show(value)}");

    public static FieldError TooLong(string field, int most) =>
        new(field, "FieldValueTooLong", $"Too long: may not be more than {most} bytes");

    public static FieldError TooMany(string field, int actual, int most) =>
        new(field, "FieldValueTooMany", $"Too many: {actual}: must have at most {most} items");

    public static FieldError WrongType(string field, JsonNode? value, string detail) =>
        new(field, "FieldValueTypeInvalid", $"Invalid value: {Show(value)}: {detail}");

    public JsonNode ToCause() => new JsonObject { ["reason"] = Reason, ["message"] = Message, ["field"] = Field };

    public override string ToString() => $"{Field}: {Message}";

    private static string Show(JsonNode? value) => value is null ? "null" : value.ToJsonString(JsonText.Plain);
}
