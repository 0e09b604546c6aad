using System.Collections;
using System.Collections.Immutable;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ambient.Core.Mesh;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Core.Workloads;

namespace Ambient.Compile.Tests;

/// <summary>A compile result as text: without what is empty or the default, so that a case shows what it is about.</summary>
internal static class GoldenJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter(), new TextConverter<IPAddress>(), new TextConverter<IPNetwork>(), new SortedMapConverter(), new ActionConverter(), new FailConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OmitEmpty } },
    };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";

    private static void OmitEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            // A pod's are in the input already; LabelTests looks at them.
            if (type.Type == typeof(Workload) && property.Name == "labels")
            {
                property.ShouldSerialize = static (_, _) => false;
                continue;
            }

            // What a result holds is shown by its views.
            if (type.Type == typeof(CompileResult) && property.PropertyType is { IsGenericType: true } list && list.GenericTypeArguments[0].IsAssignableTo(typeof(ProxyResource)))
            {
                property.ShouldSerialize = (_, value) => property.Name is not ("resources" or "declaredGateways") && ((IEnumerable)value!).GetEnumerator().MoveNext();
            }
            else if (property.Set is null && property.AttributeProvider is System.Reflection.PropertyInfo { CanWrite: false })
            {
                property.ShouldSerialize = static (_, _) => false;
            }
            else if (property.PropertyType == typeof(string))
            {
                property.ShouldSerialize = static (_, value) => value is string { Length: > 0 };
            }
            else if (property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            {
                bool always = property.Name is "rules" or "clauses";
                property.ShouldSerialize = (_, value) => always || (value is IEnumerable items && items.GetEnumerator().MoveNext());
            }
        }
    }

    /// <summary>The order of an immutable dictionary differs from run to run.</summary>
    private sealed class SortedMapConverter : JsonConverter<ImmutableDictionary<string, ImmutableArray<ServicePort>>>
    {
        public override ImmutableDictionary<string, ImmutableArray<ServicePort>> Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(
            Utf8JsonWriter writer, ImmutableDictionary<string, ImmutableArray<ServicePort>> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new SortedDictionary<string, ImmutableArray<ServicePort>>(value, StringComparer.Ordinal), options);
    }

    private static SortedDictionary<string, object> Of(RouteAction.Fail fail) => new() { ["status"] = fail.Status, ["reason"] = fail.Reason };

    /// <summary>The kind of action is in its type.</summary>
    private sealed class ActionConverter : JsonConverter<RouteAction>
    {
        public override RouteAction Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, RouteAction value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(value.GetType().Name));
            object content = value switch
            {
                RouteAction.Forward f => f.Backends,
                RouteAction.Redirect r => r.To,
                RouteAction.Respond r => new SortedDictionary<string, object> { ["status"] = r.Status, ["body"] = System.Text.Encoding.UTF8.GetString(r.Body.AsSpan()) },
                RouteAction.Fail f => Of(f),
                _ => throw new NotSupportedException(),
            };
            JsonSerializer.Serialize(writer, content, content.GetType(), options);
            writer.WriteEndObject();
        }
    }

    private sealed class FailConverter : JsonConverter<RouteAction.Fail>
    {
        public override RouteAction.Fail Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, RouteAction.Fail value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, Of(value), options);
    }

    private sealed class TextConverter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value!.ToString());
    }
}
