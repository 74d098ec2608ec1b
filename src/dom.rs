//! How the page draws: an element is made once, and what can change in it is a closure in a Leptos
//! effect. One type of view, so that a screen costs a few bytes per element and not a type per
//! element: drawn by Leptos's generic views the same screens came to twice the budget
//! (ARCHITECTURE.md, «Decisions»).

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use web_sys::{Comment, Document, Element, Event, HtmlInputElement};

use crate::by_name::call;

/// An element of the page.
#[derive(Clone)]
pub struct El(Element);

thread_local! {
    static DOCUMENT: Option<Document> = web_sys::window().and_then(|window| window.document());
}

/// A new element. The tag names are our own: that one is refused cannot happen.
pub fn el(tag: &str) -> El {
    DOCUMENT.with(|document| {
        let document = document.as_ref().unwrap_throw();
        El(document.create_element(tag).unwrap_throw())
    })
}

/// A new element of a drawing. By name, as bindings would put glue into what is fetched before the
/// first field works.
pub fn svg(tag: &str) -> El {
    DOCUMENT.with(|document| {
        let space = "http://www.w3.org/2000/svg".into();
        let made = call(document.as_ref().unwrap_throw(), "createElementNS", &[space, tag.into()]);
        El(made.unwrap_throw().unchecked_into())
    })
}

/// A new element with a class.
pub fn div(class: &str) -> El {
    el("div").class(class)
}

/// A button that submits nothing by itself.
pub fn button(class: &str, label: &str) -> El {
    el("button").attr("type", "button").class(class).text(label)
}

impl El {
    /// What holds elements until they are put somewhere, and is then empty. It has no attributes.
    pub fn fragment() -> Self {
        DOCUMENT.with(|document| {
            let made = call(document.as_ref().unwrap_throw(), "createDocumentFragment", &[]);
            // It takes children as an element does.
            Self(made.unwrap_throw().unchecked_into())
        })
    }

    /// Sets an attribute.
    pub fn attr(self, name: &str, value: &str) -> Self {
        // Attribute names are our own: that one is refused cannot happen.
        _ = self.0.set_attribute(name, value);
        self
    }

    /// Sets an attribute, where there is a value.
    pub fn attr_if(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Sets an attribute without a value, where `on`.
    pub fn flag(self, name: &str, on: bool) -> Self {
        self.attr_if(name, on.then_some(""))
    }

    /// Sets the class.
    pub fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    /// Adds text.
    pub fn text(self, text: &str) -> Self {
        // Appending to an element that we just made cannot fail.
        _ = self.0.append_with_str_1(text);
        self
    }

    /// Adds an element.
    pub fn child(self, child: El) -> Self {
        _ = self.0.append_with_node_1(&child.0);
        self
    }

    /// Adds an element, where there is one.
    pub fn maybe(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Adds elements.
    pub fn children(self, children: Vec<El>) -> Self {
        children.into_iter().fold(self, El::child)
    }

    /// An attribute that follows the signals read by `value`.
    pub fn follow(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        follow(self.0.clone(), name, Box::new(value));
        self
    }

    /// Text that follows the signals read by `text`.
    pub fn say(self, text: impl Fn() -> String + 'static) -> Self {
        say(self.0.clone(), Box::new(text));
        self
    }

    /// A piece that is drawn anew when the signals read by `make` change.
    pub fn part(self, make: impl Fn() -> Option<El> + 'static) -> Self {
        part(&self, Box::new(make));
        self
    }

    /// Acts on an event.
    pub fn on(self, event: &str, act: impl Fn(Event) + 'static) -> Self {
        on(&self.0, event, Box::new(act));
        self
    }

    /// Acts on a click.
    pub fn click(self, act: impl Fn() + 'static) -> Self {
        self.on("click", move |_| act())
    }

    /// The browser's element.
    pub fn element(&self) -> &Element {
        &self.0
    }

    /// The first element in it that a selector finds.
    pub fn find(&self, selector: &str) -> Option<Element> {
        self.0.query_selector(selector).ok().flatten()
    }

    /// Puts the element in place of everything in `parent`.
    pub fn fill(&self, parent: &Element) {
        parent.replace_children_with_node_1(&self.0);
    }
}

/// The value of the control that an event is about.
pub fn value(event: &Event) -> String {
    control(event).map(|control| control.value()).unwrap_or_default()
}

/// Whether the check box that an event is about is ticked.
pub fn is_checked(event: &Event) -> bool {
    control(event).is_some_and(|control| control.checked())
}

fn control(event: &Event) -> Option<HtmlInputElement> {
    // A text area and a list have `value` as an input does.
    event.target().map(JsCast::unchecked_into)
}

/// A function for the browser that is given nothing.
pub fn callback(act: impl Fn() + 'static) -> JsValue {
    let act: Box<dyn Fn(Event)> = Box::new(move |_| act());
    Closure::wrap(act).into_js_value()
}

fn on(element: &Element, event: &str, act: Box<dyn Fn(Event)>) {
    let act = Closure::wrap(act as Box<dyn Fn(Event)>).into_js_value();
    // Fails for what is not a function only.
    _ = element.add_event_listener_with_callback(event, act.unchecked_ref());
}

fn follow(element: Element, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
    keep(RenderEffect::new(move |_| {
        _ = match value() {
            Some(value) => element.set_attribute(name, &value),
            None => element.remove_attribute(name),
        };
    }));
}

fn say(element: Element, text: Box<dyn Fn() -> String>) {
    keep(RenderEffect::new(move |_| element.set_text_content(Some(&text()))));
}

/// A place among the children of an element, before which others are put.
pub struct Mark(Comment);

impl Mark {
    /// After what is there now.
    pub fn at_the_end_of(parent: &El) -> Self {
        let mark = DOCUMENT.with(|document| document.as_ref().unwrap_throw().create_comment(""));
        // Appending what we just made cannot fail.
        _ = parent.0.append_with_node_1(&mark);
        Self(mark)
    }

    /// Whether it is on the page.
    pub fn is_connected(&self) -> bool {
        self.0.is_connected()
    }

    /// Puts an element, or what a fragment holds, before it.
    pub fn put_before(&self, it: &El) {
        _ = self.0.before_with_node_1(&it.0);
    }
}

fn part(parent: &El, make: Box<dyn Fn() -> Option<El>>) {
    // What is drawn stands before it.
    let mark = Mark::at_the_end_of(parent);
    keep(RenderEffect::new(move |before: Option<Option<El>>| {
        let now = make();
        if let Some(Some(before)) = before {
            before.0.remove();
        }
        if let Some(now) = &now {
            mark.put_before(now);
        }
        now
    }));
}

/// Keeps an effect for as long as what it belongs to is drawn.
fn keep<T: 'static>(effect: RenderEffect<T>) {
    let effect = SendWrapper::new(effect);
    on_cleanup(move || drop(effect));
}
